package slipway.github;

import java.util.List;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import slipway.json.Json;

/** What to do about a webhook's event. */
sealed interface PushDecision {

  /**
   * Build these images.
   *
   * @param images never empty
   * @param commit to build
   * @param why these and not fewer
   */
  record Build(List<Container.Built> images, String commit, String why) implements PushDecision {
    public Build {
      images = List.copyOf(images);
    }
  }

  /** Nothing to build. */
  record Ignored(String reason) implements PushDecision {}

  /**
   * Decides.
   *
   * @param event as GitHub names it, such as {@code push}
   * @throws slipway.json.Malformed with the field, if a push lacks what it needs
   */
  static PushDecision of(String event, Json payload, Config config) {
    return switch (event) {
      case "push" -> of(Push.from(payload), config);
      case "ping" -> new Ignored("ping: the webhook is connected");
      default -> new Ignored("event " + event + ": only push starts a build");
    };
  }

  private static PushDecision of(Push push, Config config) {
    var github = config.github();
    // GitHub takes owner and name in any case.
    if (!push.repository().equalsIgnoreCase(github.repository()))
      return new Ignored(
          "repository %s: Slipway follows %s".formatted(push.repository(), github.repository()));
    if (!push.ref().startsWith("refs/heads/"))
      return new Ignored(push.ref() + ": only branches are built");
    var branch = push.ref().substring("refs/heads/".length());
    if (push.deleted()) return new Ignored("branch " + branch + " was deleted");
    if (!branch.equals(github.branch()))
      return new Ignored("branch %s: Slipway follows %s".formatted(branch, github.branch()));
    return images(
        push, config.services().stream().map(Service::built).flatMap(List::stream).toList());
  }

  private static PushDecision images(Push push, List<Container.Built> all) {
    if (!push.completeness().holds())
      return new Build(all, push.after(), "everything, as " + push.completeness().gap());
    if (push.paths().contains("buildspec.yml"))
      return new Build(all, push.after(), "everything, as buildspec.yml changed");
    var touched = all.stream().filter(image -> touches(push, image.folder())).toList();
    return touched.isEmpty()
        ? new Ignored("no folder with an image was touched")
        : new Build(touched, push.after(), "their folders were touched");
  }

  private static boolean touches(Push push, String folder) {
    var plain = folder.startsWith("./") ? folder.substring(2) : folder;
    return plain.equals(".")
        || push.paths().stream().anyMatch(p -> p.equals(plain) || p.startsWith(plain + "/"));
  }
}
