package slipway.notice;

/** Where notifications go; one call tells everyone who subscribed. */
@FunctionalInterface
public interface Notices {
  /**
   * Sends a notification.
   *
   * @param subject one line; cut to 100 characters, as an e-mail's subject must be
   * @param text plain text: what happened, on what, why, and what to do next
   */
  void send(String subject, String text);
}
