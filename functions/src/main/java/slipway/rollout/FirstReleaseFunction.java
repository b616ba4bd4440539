package slipway.rollout;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.util.Map;
import java.util.Set;
import slipway.config.Setting;
import slipway.json.Json;
import slipway.notice.Log;

/**
 * CloudFormation's custom resource of a service's release. It runs once per {@code cdk deploy}, so
 * it is not rehearsed.
 */
public final class FirstReleaseFunction implements RequestHandler<Map<String, Object>, String> {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_PROJECT,
          Setting.SLIPWAY_ROLLOUT_QUEUE);

  private final FirstRelease release;

  /** As Lambda makes it. */
  public FirstReleaseFunction() {
    this(Wiring.of(System.getenv()).firstRelease());
  }

  FirstReleaseFunction(FirstRelease release) {
    this.release = release;
  }

  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> release.on(Json.of(event)));
  }
}
