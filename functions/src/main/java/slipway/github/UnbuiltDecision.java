package slipway.github;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import slipway.config.Container;

/** What to build of a branch's head. */
sealed interface UnbuiltDecision {

  /**
   * These images.
   *
   * @param images never empty
   */
  record Build(List<Container.Built> images, String why) implements UnbuiltDecision {
    public Build {
      images = List.copyOf(images);
    }
  }

  /** Everything was built, or did not change. */
  record Nothing() implements UnbuiltDecision {}

  /** It cannot be told yet. */
  record Later(String why) implements UnbuiltDecision {}

  /**
   * Decides. An image that was never built is built, even when no build was ever made: the stack's
   * first release starts its own at once, long before a head had its two runs, unless it found
   * images there from before; and then nobody else builds the head.
   *
   * @param last of each image of the branch
   * @param changes to the head from each commit in there
   */
  static UnbuiltDecision of(Map<Container.Built, LastBuilt> last, Map<String, Changes> changes) {
    var missing = new ArrayList<Container.Built>();
    var reasons = new LinkedHashSet<String>();
    for (var entry : last.entrySet()) {
      var image = entry.getKey();
      switch (entry.getValue()) {
        case LastBuilt.Underway _ -> {
          return new Later(image.repository() + " is being built from a commit not known yet");
        }
        case LastBuilt.Never _ -> {
          missing.add(image);
          reasons.add(image.repository() + " was never built");
        }
        case LastBuilt.At(var commit) -> {
          var since = changes.get(commit);
          if (since == null)
            throw new IllegalArgumentException("no changes since " + commit + " are given");
          if (since.touch(image)) {
            missing.add(image);
            reasons.add(why(image, commit, since));
          }
        }
      }
    }
    return missing.isEmpty()
        ? new Nothing()
        : new Build(missing, reasons.stream().collect(joining("; ")));
  }

  private static String why(Container.Built image, String commit, Changes since) {
    return switch (since) {
      case Changes.Unknown(var why) ->
          "%s was last built at %s, and %s".formatted(image.repository(), commit, why);
      case Changes.Listed _ ->
          "%s was last built at %s, and changed since".formatted(image.repository(), commit);
    };
  }
}
