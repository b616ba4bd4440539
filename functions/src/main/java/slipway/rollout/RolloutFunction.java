package slipway.rollout;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import java.util.Set;
import org.crac.Core;
import org.crac.Resource;
import slipway.config.Setting;
import slipway.notice.Log;

/**
 * Reconciles the services that the FIFO queue names. A message is a hint to look, and its group
 * says at which service; what ECS's events in it say of deployments is evidence beside what is
 * seen.
 */
public final class RolloutFunction implements RequestHandler<SQSEvent, SQSBatchResponse>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_TOPIC,
          Setting.SLIPWAY_SLO_QUEUE,
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
    this(wiring.rollouts(), () -> Rehearsal.of(wiring.config()).run());
  }

  RolloutFunction(Rollouts rollouts, Runnable rehearsal) {
    this.rollouts = rollouts;
    this.rehearsal = rehearsal;
    Core.getGlobalContext().register(this);
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> FifoBatch.each(event, rollouts::reconcile));
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
