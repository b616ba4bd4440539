package slipway.rollout;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import slipway.rollout.Rollout.Brought;

/**
 * What reconcile comes to. Each can say itself: the text is what people read in the log, on the
 * commit and in notifications.
 */
sealed interface Outcome {
  /** What happened and why, in a sentence. */
  String text();

  /** What should run, runs or is being deployed. */
  record NothingToDo(String text) implements Outcome {}

  /**
   * A revision is to be deployed.
   *
   * @param source where the revision comes from
   * @param from ARN of what ECS would go back to
   */
  record RollOut(Source source, String fingerprint, Brought brought, Optional<String> from)
      implements Outcome {
    @Override
    public String text() {
      return switch (source) {
        case Source.Register _ -> "rolls out a new revision";
        case Source.Reuse(var arn, _) -> "rolls out " + Revision.shortName(arn);
      };
    }
  }

  /**
   * What should run is being deployed, or runs, and nobody recorded it: a crash came between, or
   * CloudFormation deployed it.
   */
  record Adopt(RunningService.Deployment deployment, Revision revision, Brought brought)
      implements Outcome {
    @Override
    public String text() {
      return "%s is deployed by %s already: records it"
          .formatted(Revision.shortName(deployment.taskDefinition()), deployment.id());
    }
  }

  /**
   * The latest rollout has ended and nobody recorded it. What to do then shows when it is.
   *
   * @param rollout the latest
   */
  record Settle(Rollout rollout, Ending ending) implements Outcome {
    @Override
    public String text() {
      return switch (ending) {
        case Ending.Healthy _ -> "rollout %s is healthy".formatted(rollout.id());
        case Ending.Failed _ -> "rollout %s failed".formatted(rollout.id());
        case Ending.Replaced(var by) ->
            "rollout %s was replaced by %s, which somebody else deployed"
                .formatted(rollout.id(), Revision.shortName(by));
        case Ending.Withdrawn(var order) ->
            "rollout %s was taken back: %s".formatted(rollout.id(), order);
      };
    }
  }

  /**
   * After the latest rollout failed, what ECS went back to serves alone again, and nobody recorded
   * when.
   */
  record Restored(Rollout rollout) implements Outcome {
    @Override
    public String text() {
      return "what ran before rollout %s serves alone again".formatted(rollout.id());
    }
  }

  /**
   * The newest revision of the family was never seen to be deployed, and nobody wants it: whoever
   * registered it died. It may have failed unseen, so it must not stay what the family's name
   * means.
   */
  record Retire(Revision revision) implements Outcome {
    @Override
    public String text() {
      return "%s is left by one who died: deregisters it"
          .formatted(Revision.shortName(revision.arn()));
    }
  }

  /**
   * The latest rollout is on its way, its old version's tasks are all there, and a person wants
   * them: ECS is told to go back, which takes no new tasks.
   *
   * @param order what was ordered, and by whom
   */
  record TakeBack(Rollout rollout, Course course, String order) implements Outcome {
    @Override
    public String text() {
      return "rollout %s is taken back: %s".formatted(rollout.id(), order);
    }

    /** What is to be recorded once ECS does so. */
    Settle settle() {
      return new Settle(rollout, new Ending.Withdrawn(order));
    }
  }

  /**
   * Another deployment must end first. Its end makes us look again, so nothing is kept waiting for
   * it.
   */
  record WaitForDeployment(String text, String fingerprint, List<String> commits)
      implements Outcome {
    public WaitForDeployment {
      commits = List.copyOf(commits);
    }
  }

  /** What is behind the deploy tag cannot run. */
  record Refused(String text, List<String> commits) implements Outcome {
    public Refused {
      commits = List.copyOf(commits);
    }
  }

  /** Images are not there yet: each will come with an event of its own. */
  record ImagesMissing(String text) implements Outcome {}

  /** This content failed before. */
  record Quarantined(String fingerprint, String text) implements Outcome {}

  /** Somebody, or a spent error budget, stopped rollouts. */
  record Frozen(String text, List<String> commits) implements Outcome {
    public Frozen {
      commits = List.copyOf(commits);
    }
  }

  /** CloudFormation has not made the service: its revision is there for when it does. */
  record NoServiceYet(Source source, String fingerprint, Brought brought) implements Outcome {
    @Override
    public String text() {
      return switch (source) {
        case Source.Register _ -> "no service yet: registers its first revision";
        case Source.Reuse(var arn, _) ->
            "no service yet: its first revision is %s".formatted(Revision.shortName(arn));
      };
    }
  }

  /** The configuration has no such service: not yet, not any more, or it never had. */
  record NotConfigured(String text) implements Outcome {}

  /** There is no template, or none that fits the configuration: {@code cdk deploy} makes it. */
  record NoTemplate(String text) implements Outcome {}

  /** Where a revision comes from. */
  sealed interface Source {
    /** It is to be registered. */
    record Register(TaskDefinition definition) implements Source {}

    /** It is registered already. */
    record Reuse(String arn, Map<String, String> images) implements Source {}
  }
}
