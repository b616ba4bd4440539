package slipway.local.cloud;

/** An error that a service answers with; the front door renders it in the protocol of the call. */
public final class AwsError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;

  /**
   * @param status HTTP status, such as 400
   * @param code of the service's model, such as {@code ServiceNotFoundException}
   */
  public AwsError(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  public int status() {
    return status;
  }

  public String code() {
    return code;
  }
}
