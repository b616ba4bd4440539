package slipway.local.ecs;

import java.time.Duration;

/** What ECS asks CloudWatch about the alarms of a deployment. */
public interface AlarmWatch {

  boolean known(String alarm);

  boolean inAlarm(String alarm);

  /** All that the alarm looks at to decide, its periods together, at AWS's pace. */
  Duration span(String alarm);
}
