package slipway.rollout;

import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.ArrayList;
import java.util.List;
import slipway.notice.Log;
import slipway.notice.Notices;

/** The real deployer, on calls that reach the simulated cloud. */
final class Deployer {
  private final Scene scene;
  private final Broken broken;
  private final FifoQueue queue;
  private final SimulatedEcs ecs;
  private final Registry registry;
  private final MemoryLedger ledger;
  private final CloudFormation cloudFormation;
  private final SimulatedGitHub gitHub;
  private final Watch watch;
  private final List<Invocation> invocations = new ArrayList<>();

  Deployer(
      Scene scene,
      Broken broken,
      FifoQueue queue,
      SimulatedEcs ecs,
      Registry registry,
      MemoryLedger ledger,
      CloudFormation cloudFormation,
      SimulatedGitHub gitHub,
      Watch watch) {
    this.scene = scene;
    this.broken = broken;
    this.queue = queue;
    this.ecs = ecs;
    this.registry = registry;
    this.ledger = ledger;
    this.cloudFormation = cloudFormation;
    this.gitHub = gitHub;
    this.watch = watch;
  }

  /** RolloutFunction, called with a batch. */
  void invoke(SQSEvent batch) {
    var invocation =
        new Invocation(scene, this, "rollout#" + (invocations.size() + 1), batch, queue::done);
    invocations.add(invocation);
    invocation.begin();
  }

  /** Leaves no thread behind. */
  void end() {
    invocations.forEach(Invocation::end);
  }

  Calls calls(String who, Actor actor, Invocation invocation) {
    return new Calls(scene, who, actor, invocation, watch, broken);
  }

  Rollouts rollouts(Calls calls) {
    var answers = calls.aws(Answers.class, cloudFormation);
    return new Rollouts(
        Fleet.CONFIG,
        calls.aws(TaskDefinitions.class, ecs),
        calls.aws(Images.class, registry),
        calls.aws(Services.class, ecs),
        calls.aws(Ledger.class, ledger),
        (service, release, failure) -> {
          answers.put(service, release, failure);
          answers.forget(service, release);
        },
        calls.aws(SloRequests.class, _ -> {}),
        new Herald(
            calls.gitHub(Feedback.class, gitHub),
            calls.gitHub(Announcements.class, gitHub),
            calls.aws(Notices.class, (_, _) -> {}),
            Fleet.CONFIG),
        Log::rehearse,
        scene.agenda().clock());
  }
}
