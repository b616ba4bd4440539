package slipway.github;

import java.util.LinkedHashMap;
import slipway.json.Json;
import slipway.notice.About;

/**
 * What the webhook answers.
 *
 * @param status of HTTP
 * @param body JSON with {@code outcome} and {@code reason}; empty where the sender is not known
 * @param about whom it is about, for the log
 */
record Answer(int status, String body, About about) {
  /** Says nothing: whoever cannot sign learns nothing. */
  static final Answer UNAUTHORIZED = new Answer(401, "");

  /** The signature could not be checked; a redelivery can help, but still nobody is known. */
  static final Answer UNAVAILABLE = new Answer(503, "");

  /** The delivery is taken: {@code building} or {@code ignored}. */
  static Answer accepted(String outcome, String reason) {
    return of(202, outcome, reason);
  }

  /** The delivery is wrong, and the same one again would be, too. */
  static Answer refused(int status, String reason) {
    return of(status, "refused", reason);
  }

  /** The delivery is fine, but could not be served; a redelivery can help. */
  static Answer failed(int status, String reason) {
    return of(status, "failed", reason);
  }

  Answer(int status, String body) {
    this(status, body, About.NOTHING);
  }

  Answer about(About whom) {
    return new Answer(status, body, whom);
  }

  private static Answer of(int status, String outcome, String reason) {
    var detail = new LinkedHashMap<String, String>();
    detail.put("outcome", outcome);
    detail.put("reason", reason);
    return new Answer(status, Json.write(detail));
  }
}
