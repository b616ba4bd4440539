package slipway.local.build;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The phases that a build went through, and how each ended. */
final class Phases {
  /** {@code Aug 4, 2026 12:12:09 AM}, in UTC. */
  private static final DateTimeFormatter US =
      DateTimeFormatter.ofPattern("MMM d, yyyy hh:mm:ss a", Locale.US).withZone(ZoneOffset.UTC);

  private record Phase(String type, String status, Instant start, Instant end, String context) {}

  private final List<Phase> ended = new ArrayList<>();
  private String current = "SUBMITTED";
  private Instant since = Instant.now();

  static String time(Instant at) {
    return US.format(at);
  }

  synchronized String current() {
    return current;
  }

  /** The current phase ended well, the next one starts. */
  void then(String next) {
    then("SUCCEEDED", "", next);
  }

  /**
   * The current phase ended.
   *
   * @param why such as {@code COMMAND_EXECUTION_ERROR: …}; empty if it ended well
   */
  synchronized void then(String status, String why, String next) {
    ended.add(new Phase(current, status, since, Instant.now(), why));
    current = next;
    since = Instant.now();
  }

  /** As in events. */
  synchronized List<Map<String, Object>> forEvent() {
    var list = new ArrayList<Map<String, Object>>();
    for (var phase : ended) {
      var tree = new LinkedHashMap<String, Object>();
      tree.put("phase-context", List.of(phase.context().isEmpty() ? ": " : phase.context()));
      tree.put("start-time", time(phase.start()));
      tree.put("end-time", time(phase.end()));
      tree.put("duration-in-seconds", Duration.between(phase.start(), phase.end()).toSeconds());
      tree.put("phase-type", phase.type());
      tree.put("phase-status", phase.status());
      list.add(tree);
    }
    if (current.equals("COMPLETED"))
      list.add(Map.of("start-time", time(since), "phase-type", current));
    return list;
  }

  /** As BatchGetBuilds answers. */
  synchronized List<Map<String, Object>> forApi() {
    var list = new ArrayList<Map<String, Object>>();
    for (var phase : ended) {
      var tree = new LinkedHashMap<String, Object>();
      tree.put("phaseType", phase.type());
      tree.put("phaseStatus", phase.status());
      tree.put("startTime", phase.start().toEpochMilli() / 1000.0);
      tree.put("endTime", phase.end().toEpochMilli() / 1000.0);
      tree.put("durationInSeconds", Duration.between(phase.start(), phase.end()).toSeconds());
      var colon = phase.context().indexOf(": ");
      var context = new LinkedHashMap<String, Object>();
      context.put("statusCode", colon < 0 ? "" : phase.context().substring(0, colon));
      context.put("message", colon < 0 ? phase.context() : phase.context().substring(colon + 2));
      tree.put("contexts", List.of(context));
      list.add(tree);
    }
    return list;
  }
}
