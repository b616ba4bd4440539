package slipway.notice;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * One line of the log: one outcome.
 *
 * @param what happened, such as {@code reconciled}; member {@code event} of the line
 * @param facts further members, scalars only; never a secret
 * @param measured only with one service
 */
public record Line(
    Level level, About about, String what, Map<String, Object> facts, Optional<Measured> measured) {
  /** Members that the log sets itself. */
  private static final Set<String> RESERVED =
      Set.of(
          "timestamp", "level", "event", "service", "rollout", "commit", "AWSRequestId", "trace");

  /** Names are Lambda's. */
  public enum Level {
    INFO,
    /** Something failed and did not stop the work, or comes again. */
    WARN,
    /** Something failed and stopped the work. */
    ERROR
  }

  public Line {
    for (var name : facts.keySet())
      if (RESERVED.contains(name) || name.startsWith("_"))
        throw new IllegalArgumentException(
            "fact '%s' of line '%s': the log has such a member itself".formatted(name, what));
    if (measured.isPresent() && about.services().size() != 1)
      throw new IllegalArgumentException(
          "line '%s' measures services %s: want one".formatted(what, about.services()));
    facts = new LinkedHashMap<>(facts);
  }

  public static Line info(About about, String what, Map<String, ?> facts) {
    return new Line(Level.INFO, about, what, new LinkedHashMap<>(facts), Optional.empty());
  }

  public static Line warning(About about, String what, Map<String, ?> facts) {
    return new Line(Level.WARN, about, what, new LinkedHashMap<>(facts), Optional.empty());
  }

  /** About something that failed and did not stop the work. */
  public static Line trouble(About about, String what, Map<String, ?> facts, Throwable cause) {
    var all = new LinkedHashMap<String, Object>(facts);
    all.put("error", String.valueOf(cause));
    return warning(about, what, all);
  }

  /** About something that nobody foresaw. */
  static Line failure(About about, Throwable cause) {
    var trace = new StringWriter();
    cause.printStackTrace(new PrintWriter(trace));
    var facts = new LinkedHashMap<String, Object>();
    facts.put("error", String.valueOf(cause));
    facts.put("stackTrace", trace.toString());
    return new Line(Level.ERROR, about, "failed", facts, Optional.empty());
  }

  /** The same with what was measured. */
  public Line measuring(String stack, Map<Measure, Double> values) {
    return new Line(level, about, what, facts, Optional.of(new Measured(stack, values)));
  }
}
