package slipway.github;

import org.jspecify.annotations.Nullable;

/** GitHub, or the way to it, did not do what it was asked. Never holds the token. */
final class GitHubFailed extends RuntimeException {
  private static final long serialVersionUID = 1L;

  GitHubFailed(String message) {
    super(message);
  }

  GitHubFailed(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
