package slipway.local.lambda;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import slipway.local.cloud.AwsAnswer;
import slipway.local.cloud.AwsCall;
import slipway.local.cloud.AwsError;
import slipway.local.cloud.AwsService;
import slipway.local.cloud.FrontDoor;

/** Lambda's API, as far as operators use it: Invoke. */
public final class LambdaService implements AwsService {
  private static final Pattern INVOKE =
      Pattern.compile("/2015-03-31/functions/([^/]+)/invocations");
  private final Functions functions;
  private final Deliveries deliveries;

  public LambdaService(Functions functions, Deliveries deliveries) {
    this.functions = functions;
    this.deliveries = deliveries;
  }

  @Override
  public String name() {
    return "lambda";
  }

  @Override
  public String operation(String method, String path, AwsCall raw) {
    return INVOKE.matcher(path).matches() && method.equals("POST") ? "Invoke" : "";
  }

  private Functions.Target target(AwsCall call) {
    var matcher = INVOKE.matcher(call.path());
    if (!matcher.matches()) throw FrontDoor.notPlayed(call);
    var qualifier = call.query().get("Qualifier");
    return functions.target(
        matcher.group(1), qualifier == null ? Optional.empty() : Optional.of(qualifier.getFirst()));
  }

  @Override
  public List<Permission> needs(AwsCall call) {
    return List.of(new Permission("lambda:InvokeFunction", target(call).arn()));
  }

  @Override
  public AwsAnswer answer(AwsCall call) {
    var target = target(call);
    if (call.headers().getOrDefault("x-amz-invocation-type", "").equals("Event")) {
      deliveries.invoke(call.caller().name(), target.arn(), call.text());
      return new AwsAnswer(202, Map.of(), new byte[0]);
    }
    return switch (functions.invoke(
        target.arn(), call.body().length == 0 ? "{}".getBytes() : call.body())) {
      case Outcome.Returned(var payload) ->
          new AwsAnswer(200, Map.of("X-Amz-Executed-Version", target.version()), payload);
      case Outcome.Failed(var payload) ->
          new AwsAnswer(
              200,
              Map.of(
                  "X-Amz-Executed-Version", target.version(), "X-Amz-Function-Error", "Unhandled"),
              payload);
      case Outcome.Throttled _ ->
          throw new AwsError(429, "TooManyRequestsException", "Rate Exceeded.");
    };
  }
}
