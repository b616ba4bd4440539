package slipway.rollout;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.ScheduledEvent;
import java.util.List;
import java.util.Set;
import org.crac.Core;
import org.crac.Resource;
import slipway.config.Setting;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * Settles how ECS's deployments ended. An event that it cannot read is thrown back with the reason,
 * so that Lambda keeps it in the dead-letter queue.
 */
public final class DeploymentFunction implements RequestHandler<ScheduledEvent, String>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_TOPIC,
          Setting.SLIPWAY_SLO_QUEUE,
          Setting.GITHUB_API_URL,
          Setting.SLIPWAY_GITHUB_TOKEN);

  private final Deployments deployments;
  private final Runnable rehearsal;

  /** As Lambda makes it. */
  public DeploymentFunction() {
    this(Wiring.of(System.getenv()));
  }

  private DeploymentFunction(Wiring wiring) {
    this(wiring.deployments(), () -> Rehearsal.of(wiring.config()).deployment());
  }

  DeploymentFunction(Deployments deployments, Runnable rehearsal) {
    this.deployments = deployments;
    this.rehearsal = rehearsal;
    Core.getGlobalContext().register(this);
  }

  @Override
  public String handleRequest(ScheduledEvent event, Context context) {
    if (!"ECS Deployment State Change".equals(event.getDetailType()))
      throw new Malformed(
          "detail-type", "is '" + event.getDetailType() + "': want ECS Deployment State Change");
    return deployments.on(
        DeploymentEvent.of(
            event.getResources() == null ? List.of() : event.getResources(),
            new Json("detail", event.getDetail())));
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
