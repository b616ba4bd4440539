package slipway.rollout;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/** What happened in a simulation, to be read by whoever wants to know why. */
final class Trace {
  /** The words are found only when somebody reads them: few seeds are ever read. */
  private record Line(Instant at, String who, Supplier<String> what) {}

  private final List<Line> lines = new ArrayList<>();

  void add(Instant at, String who, Supplier<String> what) {
    lines.add(new Line(at, who, what));
  }

  /** A line for each thing: time since the beginning, who, what. */
  String text() {
    var text = new StringBuilder();
    if (lines.isEmpty()) return "";
    var start = lines.getFirst().at();
    for (var line : lines) {
      var time = Duration.between(start, line.at());
      text.append(
          "%3d:%02d:%02d.%03d  %-22s %s%n"
              .formatted(
                  time.toHours(),
                  time.toMinutesPart(),
                  time.toSecondsPart(),
                  time.toMillisPart(),
                  line.who(),
                  line.what().get()));
    }
    return text.toString();
  }
}
