package slipway.rollout;

import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import slipway.config.ServiceName;

/**
 * A call of RolloutFunction with a batch of its queue. The real batch brings each of its services a
 * thread; here each is an actor, so that they take turns at every call.
 */
final class Invocation {
  private final Scene scene;
  private final Deployer deployer;
  private final String name;
  private final SQSEvent batch;
  private final Consumer<Set<String>> done;
  private final Map<String, Actor> actors = new TreeMap<>();
  private final Semaphore arrived = new Semaphore(0);
  private Actor last;
  private int active;
  private boolean killed;

  Invocation(
      Scene scene, Deployer deployer, String name, SQSEvent batch, Consumer<Set<String>> done) {
    this.scene = scene;
    this.deployer = deployer;
    this.name = name;
    this.batch = batch;
    this.done = done;
    for (var message : batch.getRecords())
      actors.computeIfAbsent(
          message.getAttributes().get("MessageGroupId"), _ -> new Actor(scene.agenda()));
    active = actors.size();
    if (active > 1) scene.count(Happening.SIDE_BY_SIDE);
  }

  /** Starts the function, and enters its actors' first steps. */
  void begin() {
    scene.tell(name, () -> "is called with " + ids(batch));
    Thread.ofVirtual().start(this::run);
    arrived.acquireUninterruptibly(actors.size());
    for (var actor : actors.values())
      scene.in(Duration.ofMillis(1), Duration.ofMillis(200), actor::run);
  }

  /** Ends what is not at its end, when the simulation is. */
  void end() {
    killed = true;
    while (active > 0) waiting().run();
  }

  private Actor waiting() {
    return actors.values().stream().filter(Actor::waits).findFirst().orElseThrow();
  }

  boolean killed() {
    return killed;
  }

  /** Ends the function where it is, whatever its other threads are at. */
  Killed kill() {
    killed = true;
    return new Killed();
  }

  private void run() {
    var answer = FifoBatch.each(batch, this::work);
    if (!killed) {
      var undone =
          answer.getBatchItemFailures().stream()
              .map(BatchItemFailure::getItemIdentifier)
              .collect(Collectors.toSet());
      var did = new HashSet<>(ids(batch));
      did.removeAll(undone);
      scene.agenda().in(Duration.ofMillis(10), () -> done.accept(did));
    }
    last.leave();
  }

  private void work(ServiceName service, Hints hints) {
    var actor = actors.get(service.value());
    arrived.release();
    actor.enter();
    try {
      var calls = deployer.calls(name + " " + service, actor, this);
      var outcome = deployer.rollouts(calls).reconcile(service, hints);
      scene.tell(counted(outcome), name + " " + service, () -> outcome.text());
    } catch (CallFailed e) {
      scene.tell(name + " " + service, () -> "gives up: " + e.getMessage());
      throw e;
    } catch (RuntimeException | AssertionError e) {
      scene.violated(Law.FAILS_ONLY_WITH_ITS_CALLS, service + ": " + e);
      throw e;
    } finally {
      if (--active > 0) actor.leave();
      else last = actor;
    }
  }

  private static Happening counted(Outcome outcome) {
    return switch (outcome) {
      case Outcome.NothingToDo _ -> Happening.NOTHING_TO_DO;
      case Outcome.RollOut _ -> Happening.ROLL_OUT;
      // It ended by itself just before, and its end makes us look again.
      case Outcome.TakeBack _, Outcome.WaitForDeployment _ -> Happening.WAIT_FOR_DEPLOYMENT;
      case Outcome.Refused _ -> Happening.REFUSED;
      case Outcome.Quarantined _ -> Happening.QUARANTINED;
      case Outcome.Frozen(var text, _) ->
          text.startsWith("frozen:") ? Happening.HELD_BY_BUDGET : Happening.HELD_BY_FREEZE;
      case Outcome.ImagesMissing _ -> Happening.IMAGES_MISSING;
      case Outcome.NoServiceYet _ -> Happening.NO_SERVICE_YET;
      case Outcome.Settle _,
          Outcome.Restored _,
          Outcome.Retire _,
          Outcome.Adopt _,
          Outcome.NotConfigured _,
          Outcome.NoTemplate _ ->
          throw new AssertionError("no end of a look: " + outcome);
    };
  }

  private static Set<String> ids(SQSEvent batch) {
    return batch.getRecords().stream().map(SQSMessage::getMessageId).collect(Collectors.toSet());
  }
}
