package slipway.rollout;

import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.config.Config;
import slipway.config.ServiceName;
import slipway.notice.About;
import slipway.notice.Log;
import slipway.notice.Notices;
import slipway.rollout.Announcements.Stage;
import slipway.rollout.Feedback.State;

/**
 * Tells people: on the commit, as a deployment on GitHub, and by notification. What cannot be told
 * is logged and never stops a rollout.
 */
final class Herald {
  private final Feedback feedback;
  private final Announcements announcements;
  private final Notices notices;
  private final Config config;

  Herald(Feedback feedback, Announcements announcements, Notices notices, Config config) {
    this.feedback = feedback;
    this.announcements = announcements;
    this.notices = notices;
    this.config = config;
  }

  /** Sets the service's status on each of the commits. */
  void onCommits(
      ServiceName service, List<String> commits, State state, String text, Optional<URI> target) {
    for (var commit : commits) {
      try {
        feedback.set(service, commit, state, "slipway/" + service, text, target);
      } catch (RuntimeException e) {
        Log.trouble(About.service(service).commit(commit), "commit status not set", Map.of(), e);
      }
    }
  }

  /**
   * Who waits to hear how a rollout ends.
   *
   * @param announced how GitHub knows the rollout
   */
  record Awaiting(List<String> commits, Optional<Announcement> announced) {
    static Awaiting of(Rollout rollout) {
      return new Awaiting(rollout.commits(), rollout.announced());
    }

    static Awaiting of(ServiceState.Said said) {
      return new Awaiting(said.commits(), said.waiting());
    }
  }

  /**
   * Tells those who waited, and do not wait for what comes now, that theirs will not come. A commit
   * that was healthy before stays so: it only was to be deployed once more.
   */
  void overtaken(
      ServiceName service,
      ServiceState state,
      Awaiting before,
      Awaiting now,
      String text,
      Optional<URI> page) {
    var left = before.commits().stream().filter(commit -> !now.commits().contains(commit)).toList();
    var healthy = state.running().map(Rollout::commits).orElse(List.of());
    onCommits(
        service,
        left.stream().filter(healthy::contains).toList(),
        State.SUCCESS,
        "was healthy before; " + text,
        page);
    onCommits(
        service,
        left.stream().filter(commit -> !healthy.contains(commit)).toList(),
        State.ERROR,
        text,
        page);
    if (!before.announced().equals(now.announced()))
      announce(service, before.announced(), Stage.INACTIVE, text, page);
  }

  /**
   * Says how far a rollout is, if GitHub can be told of it.
   *
   * @param log where to read more
   */
  void announce(
      ServiceName service,
      Optional<Announcement> rollout,
      Stage stage,
      String text,
      Optional<URI> log) {
    rollout.ifPresent(announcement -> announce(service, announcement, stage, text, log));
  }

  private void announce(
      ServiceName service, Announcement rollout, Stage stage, String text, Optional<URI> log) {
    try {
      announcements.set(service, rollout, stage, text, log);
    } catch (RuntimeException e) {
      Log.trouble(
          About.service(service).commit(rollout.commit()),
          "deployment on GitHub not set",
          Map.of("stage", stage.name()),
          e);
    }
  }

  void notice(ServiceName service, String subject, String text) {
    try {
      notices.send(subject, text);
    } catch (RuntimeException e) {
      Log.trouble(About.service(service), "notification not sent", Map.of("subject", subject), e);
    }
  }

  /** Where the service's deployments can be seen; the region is that of an ARN of its own. */
  Optional<URI> console(ServiceName service, String arn) {
    var parts = arn.split(":");
    if (parts.length < 6) return Optional.empty();
    return Optional.of(
        URI.create(
            "https://%1$s.console.aws.amazon.com/ecs/v2/clusters/%2$s/services/%3$s/deployments?region=%1$s"
                .formatted(parts[3], config.cluster(), config.ecsName(service))));
  }
}
