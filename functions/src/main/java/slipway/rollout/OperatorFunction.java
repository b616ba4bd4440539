package slipway.rollout;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Map;
import java.util.Set;
import slipway.config.Setting;
import slipway.json.Json;
import slipway.notice.Log;

/**
 * What a person on call has in hand: status, history, pin, rollback, unpin, freeze, unfreeze and
 * reconcile, by {@code aws lambda invoke}. It takes and gives bytes, so that a payload of any shape
 * gets an answer that a person can read, laid out for a terminal.
 */
public final class OperatorFunction implements RequestStreamHandler {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(Setting.SLIPWAY_CONFIG, Setting.SLIPWAY_TABLE, Setting.SLIPWAY_ROLLOUT_QUEUE);

  /** Bytes of a request; the longest that makes sense has hardly a quarter. */
  private static final int LONGEST = 8192;

  private final Operator operator;

  /** As Lambda makes it. */
  public OperatorFunction() {
    this(Wiring.of(System.getenv()).operator());
  }

  OperatorFunction(Operator operator) {
    this.operator = operator;
  }

  @Override
  public void handleRequest(InputStream request, OutputStream answer, Context context)
      throws IOException {
    var bytes = request.readNBytes(LONGEST + 1);
    var tree = Log.during(context.getAwsRequestId(), () -> answer(bytes));
    answer.write((Json.writeForPeople(tree) + "\n").getBytes(UTF_8));
  }

  private Map<String, Object> answer(byte[] request) {
    return request.length > LONGEST
        ? OperatorJson.error("the request is too long: want %d bytes at most".formatted(LONGEST))
        : operator.answer(new String(request, UTF_8));
  }
}
