package slipway.audit;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import slipway.audit.History.Point;

/**
 * The budget left over time as a picture in SVG: the line at zero, the warning threshold, and a
 * mark where the state changed. A time without data is a gap.
 */
final class Chart {
  /** More would not be seen. */
  private static final int MOST = 120;

  /** Points that tell their value under a pointer. */
  private static final int MOST_HITS = 24;

  private static final int WIDTH = 360;
  private static final int HEIGHT = 120;
  private static final int LEFT = 38;
  private static final int RIGHT = 10;
  private static final int TOP = 10;
  private static final int BOTTOM = 20;

  /** Lower does not get into the picture: spent several times over is spent. */
  private static final double LOWEST = -100;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ENGLISH).withZone(ZoneOffset.UTC);

  private final String id;
  private final List<Point> points;
  private final double warning;
  private final double bottom;

  private Chart(String id, List<Point> points, double warning) {
    this.id = id;
    this.points = points;
    this.warning = warning;
    var least = points.stream().filter(Point::data).mapToDouble(Point::left).min().orElse(0);
    this.bottom = least >= 0 ? 0 : Math.max(LOWEST, Math.floor(least / 25) * 25);
  }

  /**
   * Draws it.
   *
   * @param id that no other chart of the page has
   * @param points the oldest first
   * @param over the time that is looked back
   * @param warning percent below which the state is a warning
   */
  static String draw(
      String id, String name, List<Point> points, Instant now, Duration over, double warning) {
    var from = now.minus(over);
    var shown = points.stream().filter(point -> !point.at().isBefore(from)).toList();
    if (shown.stream().filter(Point::data).count() < 2)
      return "<p class=\"empty soft small\">The chart begins with the second audit that finds"
          + " data.</p>";
    return new Chart(id, sparse(shown), warning).svg(name);
  }

  /** Every so many points, and those at which the state changed. */
  private static List<Point> sparse(List<Point> points) {
    int every = (points.size() + MOST - 1) / MOST;
    var sparse = new ArrayList<Point>();
    for (int i = 0; i < points.size(); i++)
      if (i % every == 0
          || i == points.size() - 1
          || points.get(i).status() != points.get(i - 1).status()
          || points.get(i).status() != points.get(i + 1).status()) sparse.add(points.get(i));
    return sparse;
  }

  private String svg(String name) {
    var first = points.getFirst();
    var last = points.getLast();
    var svg = new StringBuilder();
    svg.append(
        "<svg class=\"chart\" viewBox=\"0 0 %d %d\" role=\"img\" aria-label=\"%s\">"
            .formatted(
                WIDTH,
                HEIGHT,
                Html.text(
                    "Budget left of %s from %s to %s"
                        .formatted(name, time(first.at()), time(last.at())))));
    clips(svg);
    line(svg, "grid", 100, "100 %");
    if (bottom < 0 && y(bottom) - y(0) > 9)
      line(svg, "grid", bottom, Figures.coarse(bottom) + " %");
    line(svg, "threshold", warning, Figures.coarse(warning) + " %");
    for (var stretch : stretches()) {
      area(svg, stretch);
      curve(svg, stretch);
    }
    line(svg, "zero", 0, "0 %");
    svg.append("<text x=\"%d\" y=\"%d\">%s</text>".formatted(LEFT, HEIGHT - 5, time(first.at())));
    svg.append(
        "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s UTC</text>"
            .formatted(WIDTH - RIGHT, HEIGHT - 5, time(last.at())));
    hits(svg);
    marks(svg);
    return svg.append("</svg>").toString();
  }

  /** What is above zero and what is below have their own colours. */
  private void clips(StringBuilder svg) {
    var zero = y(0);
    svg.append(
        "<clipPath id=\"%s-a\"><rect x=\"0\" y=\"0\" width=\"%d\" height=\"%s\"/></clipPath>"
            .formatted(id, WIDTH, Html.at(zero)));
    svg.append(
        "<clipPath id=\"%s-b\"><rect x=\"0\" y=\"%s\" width=\"%d\" height=\"%s\"/></clipPath>"
            .formatted(id, Html.at(zero), WIDTH, Html.at(HEIGHT - zero)));
  }

  private void line(StringBuilder svg, String css, double percent, String label) {
    var y = Html.at(y(percent));
    svg.append(
        "<line class=\"%s\" x1=\"%d\" x2=\"%d\" y1=\"%s\" y2=\"%s\"/>"
            .formatted(css, LEFT, WIDTH - RIGHT, y, y));
    if (!label.isEmpty())
      svg.append(
          "<text class=\"of-%s\" x=\"%d\" y=\"%s\" text-anchor=\"end\">%s</text>"
              .formatted(css, LEFT - 5, Html.at(y(percent) + 3.5), Html.minus(label)));
  }

  private List<List<Point>> stretches() {
    var stretches = new ArrayList<List<Point>>();
    var stretch = new ArrayList<Point>();
    for (var point : points)
      if (point.data()) stretch.add(point);
      else {
        if (!stretch.isEmpty()) stretches.add(List.copyOf(stretch));
        stretch.clear();
      }
    if (!stretch.isEmpty()) stretches.add(stretch);
    return stretches;
  }

  private void area(StringBuilder svg, List<Point> stretch) {
    var zero = Html.at(y(0));
    var outline =
        "M%s %s L%s L%s %sZ"
            .formatted(
                Html.at(x(stretch.getFirst())),
                zero,
                coordinates(stretch, " L"),
                Html.at(x(stretch.getLast())),
                zero);
    svg.append("<path class=\"area\" clip-path=\"url(#%s-a)\" d=\"%s\"/>".formatted(id, outline));
    if (bottom < 0)
      svg.append(
          "<path class=\"area spent\" clip-path=\"url(#%s-b)\" d=\"%s\"/>".formatted(id, outline));
  }

  private void curve(StringBuilder svg, List<Point> stretch) {
    var curve = coordinates(stretch, " ");
    // A clip at zero would cut the curve of a budget that is just spent, so only a second one has
    // it.
    svg.append("<polyline class=\"curve\" points=\"%s\"/>".formatted(curve));
    if (bottom < 0)
      svg.append(
          "<polyline class=\"curve spent\" clip-path=\"url(#%s-b)\" points=\"%s\"/>"
              .formatted(id, curve));
  }

  private String coordinates(List<Point> stretch, String between) {
    return stretch.stream()
        .map(point -> Html.at(x(point)) + (between.equals(" ") ? "," : " ") + Html.at(y(point)))
        .collect(Collectors.joining(between));
  }

  private void hits(StringBuilder svg) {
    int every = (points.size() + MOST_HITS - 1) / MOST_HITS;
    for (int i = 0; i < points.size(); i += every)
      if (points.get(i).data())
        svg.append(
            "<circle class=\"hit\" cx=\"%s\" cy=\"%s\" r=\"6\"><title>%s</title></circle>"
                .formatted(
                    Html.at(x(points.get(i))), Html.at(y(points.get(i))), value(points.get(i))));
  }

  /** Where the state changed, and where it is now. */
  private void marks(StringBuilder svg) {
    Point before = null;
    for (var point : points) {
      if (!point.data()) continue;
      if (before != null && before.status() != point.status())
        mark(svg, point, "%s → %s, %s".formatted(before.status(), point.status(), value(point)));
      else if (point == points.getLast()) mark(svg, point, point.status() + ", " + value(point));
      before = point;
    }
  }

  private void mark(StringBuilder svg, Point point, String title) {
    svg.append(
        "<g class=\"mark-of %s\" transform=\"translate(%s %s)\"><title>%s</title>%s</g>"
            .formatted(
                Html.css(point.status()),
                Html.at(x(point)),
                Html.at(y(point)),
                Html.text(title),
                switch (point.status()) {
                  case OK -> "<circle class=\"mark\" r=\"4.5\"/>";
                  case WARNING -> "<path class=\"mark\" d=\"M0-6L6 5H-6z\"/>";
                  case EXHAUSTED ->
                      "<rect class=\"mark\" x=\"-4.5\" y=\"-4.5\" width=\"9\" height=\"9\"/>";
                  case NO_DATA -> throw new IllegalStateException("no data has no mark");
                }));
  }

  private static String value(Point point) {
    return "%s %% left at %s UTC"
        .formatted(Html.minus(Figures.coarse(point.left())), time(point.at()));
  }

  private static String time(Instant at) {
    return TIME.format(at);
  }

  private double x(Point point) {
    var first = points.getFirst().minute();
    var span = Math.max(1, points.getLast().minute() - first);
    return LEFT + (double) (WIDTH - LEFT - RIGHT) * (point.minute() - first) / span;
  }

  private double y(Point point) {
    return y(Math.clamp(point.left(), bottom, 100));
  }

  private double y(double percent) {
    return TOP + (HEIGHT - TOP - BOTTOM) * (100 - percent) / (100 - bottom);
  }
}
