package slipway;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** One invocation of a function: keeps what it logs. */
public final class Invocation implements Context, LambdaLogger {
  private final List<String> lines = new ArrayList<>();
  private Duration remains = Duration.ofMinutes(5);

  /** So much time is left to it, from now on. */
  public void remains(Duration time) {
    remains = time;
  }

  public List<String> lines() {
    return List.copyOf(lines);
  }

  @Override
  public void log(String message) {
    lines.add(message);
  }

  @Override
  public void log(byte[] message) {
    lines.add(new String(message, UTF_8));
  }

  @Override
  public LambdaLogger getLogger() {
    return this;
  }

  @Override
  public String getAwsRequestId() {
    return "e9a967ce-5d25-490d-8f77-d2ec467a958d";
  }

  @Override
  public String getLogGroupName() {
    return "/aws/lambda/test";
  }

  @Override
  public String getLogStreamName() {
    return "test";
  }

  @Override
  public String getFunctionName() {
    return "test";
  }

  @Override
  public String getFunctionVersion() {
    return "1";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "arn:aws:lambda:ap-northeast-1:123456789012:function:test:live";
  }

  @Override
  public CognitoIdentity getIdentity() {
    throw new UnsupportedOperationException("no Cognito here");
  }

  @Override
  public ClientContext getClientContext() {
    throw new UnsupportedOperationException("no mobile client here");
  }

  @Override
  public int getRemainingTimeInMillis() {
    return (int) remains.toMillis();
  }

  @Override
  public int getMemoryLimitInMB() {
    return 512;
  }
}
