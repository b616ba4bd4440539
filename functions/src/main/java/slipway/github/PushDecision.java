package slipway.github;

import static java.util.stream.Collectors.joining;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import slipway.config.Config;
import slipway.config.Container;
import slipway.config.Service;
import slipway.config.Source;
import slipway.json.Json;

/** What to do about a webhook's event. */
sealed interface PushDecision {

  /**
   * Build these images.
   *
   * @param source where they come from
   * @param images never empty
   * @param commit to build
   * @param pushed when, as GitHub says
   * @param why these and not fewer
   */
  record Build(
      Source source,
      List<Container.Built> images,
      String commit,
      Optional<Instant> pushed,
      String why)
      implements PushDecision {
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
    var ours = config.services().stream().filter(s -> s.source().isOf(push.repository())).toList();
    if (ours.isEmpty())
      return new Ignored(
          "repository %s: Slipway follows %s"
              .formatted(push.repository(), names(config.services(), Source::repository)));
    if (!push.ref().startsWith("refs/heads/"))
      return new Ignored(push.ref() + ": only branches are built");
    var branch = push.ref().substring("refs/heads/".length());
    if (push.deleted()) return new Ignored("branch " + branch + " was deleted");
    var concerned = ours.stream().filter(s -> s.source().branch().equals(branch)).toList();
    if (concerned.isEmpty())
      return new Ignored(
          "branch %s: Slipway follows %s".formatted(branch, names(ours, Source::branch)));
    return images(push, concerned);
  }

  private static PushDecision images(Push push, List<Service> services) {
    var source = services.getFirst().source();
    var changes = push.changes();
    var touched =
        services.stream()
            .flatMap(service -> service.built().stream())
            .filter(changes::touch)
            .toList();
    if (touched.isEmpty()) return new Ignored("no folder with an image was touched");
    return new Build(source, touched, push.after(), push.pushed(), why(changes));
  }

  private static String why(Changes changes) {
    return switch (changes) {
      case Changes.Unknown(var gap) -> "everything, as " + gap;
      case Changes.Listed listed when listed.ofBuildspec() ->
          "everything, as buildspec.yml changed";
      case Changes.Listed _ -> "their folders were touched";
    };
  }

  private static String names(List<Service> services, Function<Source, String> name) {
    return services.stream().map(Service::source).map(name).distinct().collect(joining(", "));
  }
}
