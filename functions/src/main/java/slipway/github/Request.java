package slipway.github;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * A webhook request as it came in.
 *
 * @param headers by name, in whatever case
 * @param body the bytes that were signed
 */
record Request(Map<String, String> headers, byte[] body) {
  /**
   * GitHub sends up to 25 MB and a function URL takes 6 MB, headers and encoding included; a push
   * that touches thousands of files stays far below this.
   */
  static final int LONGEST_BODY = 5 * 1024 * 1024;

  /** A body that is base64 grows by a third. */
  static final int LONGEST_TEXT = (LONGEST_BODY + 2) / 3 * 4;

  Request {
    var byName = new TreeMap<String, String>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(headers);
    headers = Collections.unmodifiableMap(byName);
  }

  Optional<String> header(String name) {
    return Optional.ofNullable(headers.get(name)).map(String::strip).filter(v -> !v.isEmpty());
  }

  /** Headers hold signatures and bodies hold people's names: neither belongs in a log. */
  @Override
  public String toString() {
    return "Request[" + body.length + " bytes]";
  }
}
