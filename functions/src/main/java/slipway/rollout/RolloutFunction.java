package slipway.rollout;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.Set;
import org.crac.Core;
import org.crac.Resource;
import slipway.config.ServiceName;
import slipway.config.Setting;

/**
 * Reconciles the services that the FIFO queue names. A message is only a hint to look: which event
 * is in it does not matter, its group says which service.
 */
public final class RolloutFunction implements RequestHandler<SQSEvent, SQSBatchResponse>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_TOPIC,
          Setting.SLIPWAY_ADDRESSES,
          Setting.GITHUB_API_URL,
          Setting.SLIPWAY_GITHUB_TOKEN);

  private final Rollouts rollouts;
  private final Runnable rehearsal;

  /** As Lambda makes it. */
  public RolloutFunction() {
    this(Wiring.of(System.getenv()));
  }

  private RolloutFunction(Wiring wiring) {
    this(wiring.rollouts(), () -> Rehearsal.of(wiring.config()).rollout());
  }

  RolloutFunction(Rollouts rollouts, Runnable rehearsal) {
    this.rollouts = rollouts;
    this.rehearsal = rehearsal;
    Core.getGlobalContext().register(this);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return FifoBatch.each(event, this::reconcile);
  }

  private void reconcile(ServiceName service, boolean again) {
    if (rollouts.reconcile(service, again) instanceof Outcome.WaitForDeployment wait)
      // The queue hands the message out again, which is how Slipway waits.
      throw new IllegalStateException(wait.text());
  }

  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    rehearsal.run();
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {
    // Clients hold no connection that a snapshot could make stale, and credentials are asked anew.
  }
}
