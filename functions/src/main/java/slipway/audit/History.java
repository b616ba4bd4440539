package slipway.audit;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import slipway.json.Json;

/**
 * How the budgets of the SLOs went, for charts. However many SLOs there are and however often they
 * are audited, it does not outgrow {@link #MOST_POINTS}: the older, the fewer points are kept, but
 * rather those at which a state changed.
 */
final class History {
  /** Of all SLOs together: about four megabytes as JSON. */
  static final int MOST_POINTS = 200_000;

  /** Of one SLO; a chart shows no more. */
  static final int MOST_OF_ONE = 400;

  /** A little longer than the longest interval that is common, a quarter of a year. */
  static final Duration LONGEST = Duration.ofDays(100);

  private static final int VERSION = 1;

  /** A letter for each status, in order of {@link Status}. */
  private static final String LETTERS = "owen";

  /**
   * What an audit saw of a budget.
   *
   * @param minute of the epoch
   * @param left in percent; 0 without data
   */
  record Point(long minute, double left, Status status) {
    Instant at() {
      return Instant.ofEpochSecond(minute * 60);
    }

    boolean data() {
      return status != Status.NO_DATA;
    }
  }

  private final Map<String, List<Point>> points;

  private History(Map<String, List<Point>> points) {
    this.points = points;
  }

  static History empty() {
    return new History(Map.of());
  }

  /** The points of the SLO of that name, the oldest first. */
  List<Point> of(String slo) {
    return points.getOrDefault(slo, List.of());
  }

  /** How many points there are. */
  int size() {
    return points.values().stream().mapToInt(List::size).sum();
  }

  /** With what an audit found; what it does not know any more is forgotten. */
  History with(AuditReport report) {
    var most = Math.clamp(MOST_POINTS / Math.max(1, report.slos().size()), 2, MOST_OF_ONE);
    var now = report.at().getEpochSecond() / 60;
    var all = new TreeMap<String, List<Point>>();
    for (var entry : report.slos()) {
      var its = new ArrayList<>(of(entry.name()));
      add(its, point(entry.budget(), now));
      all.put(entry.name(), thinned(its, now, most));
    }
    return new History(all);
  }

  private static Point point(Budget budget, long now) {
    return budget.status() == Status.NO_DATA || budget.left().isEmpty()
        ? new Point(now, 0, Status.NO_DATA)
        : new Point(now, Math.round(budget.left().get().percent() * 10) / 10.0, budget.status());
  }

  /** Of a time without data only the begin is kept; two audits in one minute make one point. */
  private static void add(List<Point> points, Point point) {
    if (!points.isEmpty() && points.getLast().minute() >= point.minute()) points.removeLast();
    if (point.data() || !points.isEmpty() && points.getLast().data()) points.add(point);
  }

  private static List<Point> thinned(List<Point> points, long now, int most) {
    var oldest = now - LONGEST.toMinutes();
    points.removeIf(point -> point.minute() < oldest);
    while (points.size() > most) points.remove(leastMissed(points, now));
    return List.copyOf(points);
  }

  /** The point whose absence leaves the smallest gap for its age, or else the oldest. */
  private static int leastMissed(List<Point> points, long now) {
    int least = 0;
    var smallest = Double.MAX_VALUE;
    for (int i = 1; i < points.size() - 1; i++) {
      var before = points.get(i - 1);
      var point = points.get(i);
      if (before.status() != point.status() || points.get(i + 1).status() != point.status())
        continue;
      var gap =
          (points.get(i + 1).minute() - before.minute()) / (double) (now - point.minute() + 1);
      if (gap < smallest) {
        smallest = gap;
        least = i;
      }
    }
    return least;
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @throws slipway.json.Malformed if it did not
   */
  static History parse(String text) {
    var json = Json.parse(text);
    json.at("version").integer(VERSION, VERSION);
    var all = new TreeMap<String, List<Point>>();
    for (var slo : json.at("slos").items()) {
      var minutes = numbers(slo.at("minutes"));
      var left = numbers(slo.at("left"));
      var states = slo.at("states").text();
      if (left.size() != minutes.size() || states.length() != minutes.size())
        throw slo.at("left").unexpected("as many numbers as minutes and states");
      var points = new ArrayList<Point>(minutes.size());
      for (int i = 0; i < minutes.size(); i++)
        points.add(
            new Point((long) (double) minutes.get(i), left.get(i), status(slo, states.charAt(i))));
      all.put(slo.at("name").text(), List.copyOf(points));
    }
    return new History(all);
  }

  private static Status status(Json slo, char letter) {
    int index = LETTERS.indexOf(letter);
    if (index < 0) throw slo.at("states").unexpected("letters of " + LETTERS);
    return Status.values()[index];
  }

  /** Without a place for each number: there are many. */
  private static List<Double> numbers(Json list) {
    if (!(list.value() instanceof List<?> values)) throw list.unexpected("a list of numbers");
    var numbers = new ArrayList<Double>(values.size());
    for (var value : values)
      if (value instanceof Number number) numbers.add(number.doubleValue());
      else throw list.unexpected("a list of numbers");
    return numbers;
  }

  String write() {
    var slos = new ArrayList<Map<String, Object>>();
    points.forEach(
        (name, its) -> {
          var states = new StringBuilder();
          its.forEach(point -> states.append(LETTERS.charAt(point.status().ordinal())));
          var slo = new LinkedHashMap<String, Object>();
          slo.put("name", name);
          slo.put("minutes", its.stream().map(Point::minute).toList());
          slo.put("left", its.stream().map(Point::left).toList());
          slo.put("states", states.toString());
          slos.add(slo);
        });
    var tree = new LinkedHashMap<String, Object>();
    tree.put("version", VERSION);
    tree.put("slos", slos);
    return Json.write(tree);
  }
}
