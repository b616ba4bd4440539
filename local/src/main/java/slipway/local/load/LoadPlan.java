package slipway.local.load;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which requests are sent, and when.
 *
 * @param paths asked for in turn, with their queries
 * @param others asked for now and then, instead
 */
public record LoadPlan(Shape shape, List<String> paths, List<Other> others, Injection injection) {
  /** What a plan may say, for people. */
  public static final String FORM =
      "steady:20/s, or spiky:5-50/s (for 2 of each 10 s), and after commas path=/rolldice?rolls=2"
          + " (several take turns), path=/rolldice?rolls=0@5%, faults=1%, latency=300ms@10%";

  private static final Pattern STEADY = Pattern.compile("steady:(\\d+(?:\\.\\d+)?)/s");
  private static final Pattern SPIKY =
      Pattern.compile("spiky:(\\d+(?:\\.\\d+)?)-(\\d+(?:\\.\\d+)?)/s");
  private static final Pattern LATENCY = Pattern.compile("(\\d{1,5})ms(?:@(.+))?");
  private static final Duration SPIKE = Duration.ofSeconds(2);
  private static final Duration BETWEEN_SPIKES = Duration.ofSeconds(10);

  /** A path that a share of the requests asks for, such as one that is answered 400. */
  public record Other(String path, Share share) {}

  public LoadPlan {
    paths = List.copyOf(paths);
    others = List.copyOf(others);
    if (paths.isEmpty()) throw new IllegalArgumentException("no path: want one that all may ask");
    for (var path : paths) check(path);
    for (var other : others) check(other.path());
    if (others.stream().mapToDouble(other -> other.share().part()).sum() > 1)
      throw new IllegalArgumentException("paths with more than 100% together: want 100% at most");
  }

  private static void check(String path) {
    if (!path.startsWith("/") || path.startsWith("//"))
      throw new IllegalArgumentException("path '%s': want it to begin with one /".formatted(path));
  }

  /** The same number of requests each second, for paths in turn. */
  public static LoadPlan steady(double rate, String... paths) {
    return new LoadPlan(new Shape.Steady(rate), List.of(paths), List.of(), Injection.NONE);
  }

  /** With a share of the requests for another path. */
  public LoadPlan and(String path, double percent) {
    var more = new ArrayList<>(others);
    more.add(new Other(path, new Share(percent / 100)));
    return new LoadPlan(shape, paths, more, injection);
  }

  /**
   * As a person writes it, see {@link #FORM}.
   *
   * @param usual path, if the text names none that all may ask
   * @throws IllegalArgumentException that says what is wanted
   */
  public static LoadPlan parse(String text, String usual) {
    var parts = text.split(",");
    var paths = new ArrayList<String>();
    var others = new ArrayList<Other>();
    var faults = Share.NONE;
    var latency = Duration.ZERO;
    var late = Share.NONE;
    for (var part : List.of(parts).subList(1, parts.length)) {
      var value = part.substring(part.indexOf('=') + 1);
      switch (part.substring(0, Math.max(0, part.indexOf('=')))) {
        case "path" -> {
          var at = value.lastIndexOf('@');
          if (at < 0) paths.add(value);
          else others.add(new Other(value.substring(0, at), Share.parse(value.substring(at + 1))));
        }
        case "faults" -> faults = Share.parse(value);
        case "latency" -> {
          var matcher = LATENCY.matcher(value);
          if (!matcher.matches()) throw unclear(part);
          latency = Duration.ofMillis(Long.parseLong(matcher.group(1)));
          late = matcher.group(2) == null ? new Share(1) : Share.parse(matcher.group(2));
        }
        default -> throw unclear(part);
      }
    }
    if (paths.isEmpty()) paths.add(usual);
    return new LoadPlan(shape(parts[0]), paths, others, new Injection(faults, latency, late));
  }

  private static Shape shape(String text) {
    var steady = STEADY.matcher(text);
    if (steady.matches()) return new Shape.Steady(Double.parseDouble(steady.group(1)));
    var spiky = SPIKY.matcher(text);
    if (spiky.matches())
      return new Shape.Spiky(
          Double.parseDouble(spiky.group(1)),
          Double.parseDouble(spiky.group(2)),
          SPIKE,
          BETWEEN_SPIKES);
    throw unclear(text);
  }

  private static IllegalArgumentException unclear(String part) {
    return new IllegalArgumentException("'%s': want %s".formatted(part, FORM));
  }

  /** Where the request goes. */
  String path(long number) {
    // Each takes its share of what those before it left, or two of them would want the same ones.
    var rank = number;
    var left = 1.0;
    for (var other : others) {
      var share = new Share(left <= 0 ? 0 : Math.min(1, other.share().part() / left));
      if (share.takes(rank)) return other.path();
      rank = share.rank(rank);
      left -= other.share().part();
    }
    return paths.get((int) (rank % paths.size()));
  }
}
