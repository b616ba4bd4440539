package slipway.local.cloud;

/** Where local pretends to be. */
public final class Place {
  public static final String REGION = "ap-northeast-1";
  public static final String ACCOUNT = "123456789012";

  private Place() {}

  /** An ARN of this Region and account: {@code arn("sqs", "rollouts.fifo")}. */
  public static String arn(String service, String resource) {
    return "arn:aws:" + service + ":" + REGION + ":" + ACCOUNT + ":" + resource;
  }
}
