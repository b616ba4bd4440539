package slipway;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import java.time.Duration;

/** One invocation of a function. */
public final class Invocation implements Context {
  private Duration remains = Duration.ofMinutes(5);

  /** So much time is left to it, from now on. */
  public void remains(Duration time) {
    remains = time;
  }

  @Override
  public LambdaLogger getLogger() {
    throw new UnsupportedOperationException("the log is slipway.notice.Log");
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
