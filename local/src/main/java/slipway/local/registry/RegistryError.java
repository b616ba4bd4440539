package slipway.local.registry;

/** An error in the words of the OCI distribution specification. */
final class RegistryError extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;
  private final String code;

  /**
   * @param status HTTP status
   * @param code such as {@code BLOB_UNKNOWN}
   */
  RegistryError(int status, String code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  String code() {
    return code;
  }
}
