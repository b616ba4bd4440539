package slipway.local.events;

import java.util.List;
import slipway.local.cloud.Pace;
import slipway.local.lambda.Deliveries;
import slipway.local.lambda.Functions;
import slipway.local.queues.Queues;
import slipway.local.stack.Provisioner;
import slipway.local.stack.Surroundings;
import slipway.local.topics.Topics;

/** Rules and schedules on a bus, wired to what they may deliver to. */
public final class Events implements AutoCloseable {
  private final Rules rules;
  private final Schedules schedules;

  public Events(
      Surroundings surroundings,
      Functions functions,
      Deliveries deliveries,
      Queues queues,
      Topics topics) {
    var targets =
        new Targets(
            functions, deliveries, queues, topics, surroundings.iam(), surroundings.calls());
    Pace pace = surroundings.pace();
    rules = new Rules(surroundings.stack(), surroundings.events(), targets, surroundings.iam());
    schedules = new Schedules(surroundings.stack(), targets, surroundings.iam(), pace);
  }

  public List<Provisioner> provisioners() {
    return List.of(rules, schedules);
  }

  public Schedules schedules() {
    return schedules;
  }

  @Override
  public void close() {
    schedules.close();
  }
}
