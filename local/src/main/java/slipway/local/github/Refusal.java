package slipway.local.github;

import java.util.Map;

/** A request that GitHub's API refuses. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;
  private final int status;

  Refusal(int status, String message) {
    super(message);
    this.status = status;
  }

  static Refusal notFound() {
    return new Refusal(404, "Not Found");
  }

  int status() {
    return status;
  }

  Map<String, Object> tree() {
    return Map.of(
        "message",
        getMessage(),
        "documentation_url",
        "https://docs.github.com/rest",
        "status",
        String.valueOf(status));
  }
}
