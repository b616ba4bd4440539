package slipway.notice;

import java.util.LinkedHashMap;
import java.util.Map;
import slipway.json.Json;

/**
 * The log, for people and for CloudWatch Logs Insights: one JSON object per line, and one line per
 * outcome.
 */
public final class Log {
  private Log() {}

  /**
   * Writes a line.
   *
   * @param what happened, such as {@code rolled out}; member {@code event} of the line
   * @param facts further members, scalars only; never a secret
   */
  public static void line(String what, Map<String, ?> facts) {
    var line = new LinkedHashMap<String, Object>();
    line.put("event", what);
    line.putAll(facts);
    System.out.println(Json.write(line));
  }

  /** Writes a line about something that failed and did not stop the work. */
  public static void trouble(String what, Map<String, ?> facts, Throwable cause) {
    var all = new LinkedHashMap<String, Object>(facts);
    all.put("error", String.valueOf(cause));
    line(what, all);
  }
}
