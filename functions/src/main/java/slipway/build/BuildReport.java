package slipway.build;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import slipway.config.Container;
import slipway.json.Json;
import slipway.json.Malformed;

/**
 * What CodeBuild tells about a build.
 *
 * @param id of CodeBuild's API: {@code project:uuid}
 * @param commit that is built, if the event tells
 * @param sourceVersion as StartBuild got it: a commit, or a branch
 * @param repository of GitHub, such as {@code example/dice}, if the event tells
 * @param images empty if the event does not tell
 * @param log page with the build's log, once there is one
 */
record BuildReport(
    String id,
    State state,
    Optional<String> commit,
    String sourceVersion,
    Optional<String> repository,
    List<Image> images,
    Optional<URI> log) {
  /** Names of variables that buildspec.yml reads. */
  static final String COMMIT = "COMMIT";

  static final String BRANCH = "BRANCH";

  /** CodeBuild repeats the command: a script of many lines leaves no room for the reason. */
  private static final Pattern SCRIPT =
      Pattern.compile("Error while executing command: [^\\n]*\\n.*\\. Reason: ", Pattern.DOTALL);

  private static final Pattern CLONED =
      Pattern.compile("https?://.*?([A-Za-z0-9-]+/[A-Za-z0-9._-]+?)(\\.git)?/?$");

  private static final Pattern SHA = Pattern.compile("[0-9a-f]{40}");

  /** How far the build is. */
  sealed interface State {
    record Running() implements State {}

    record Succeeded() implements State {}

    /**
     * Ended without all images.
     *
     * @param how {@code failed}, {@code timed out} and so on
     * @param commitsFault whether another commit would be treated better
     * @param where phase that failed, if one did
     * @param message of that phase; may be empty
     */
    record Failed(String how, boolean commitsFault, Optional<String> where, String message)
        implements State {}
  }

  BuildReport {
    images = List.copyOf(images);
  }

  /** Whether the container's image is one of these. */
  boolean names(Container.Built container) {
    return images.stream().anyMatch(image -> image.isOf(container));
  }

  /** Reads the detail of a "CodeBuild Build State Change"; {@link Malformed} with the field. */
  static BuildReport from(Json detail) {
    var information = detail.at("additional-information");
    var variables = variables(information.at("environment").at("environment-variables"));
    var version = information.at("source-version").optionalText().orElse("");
    return new BuildReport(
        id(detail.at("build-id")),
        state(detail.at("build-status"), information.at("phases").items()),
        Optional.ofNullable(variables.get(COMMIT))
            .filter(BuildReport::isCommit)
            .or(() -> Optional.of(version).filter(BuildReport::isCommit)),
        version,
        information.at("source").at("location").optionalText().flatMap(BuildReport::repository),
        Image.read(variables.getOrDefault(Image.VARIABLE, "")),
        information.at("logs").at("deep-link").optionalText().flatMap(BuildReport::page));
  }

  /** The event has the ARN, the API takes what comes after {@code build/}. */
  private static String id(Json arn) {
    var parts = arn.text().split(":build/", 2);
    if (parts.length < 2) throw arn.unexpected("the ARN of a build");
    return parts[1];
  }

  private static State state(Json status, List<Json> phases) {
    return switch (status.text()) {
      case "IN_PROGRESS" -> new State.Running();
      case "SUCCEEDED" -> new State.Succeeded();
      case "FAILED" -> failed("failed", true, phases);
      case "FAULT" -> failed("failed by a fault of CodeBuild", false, phases);
      case "TIMED_OUT" -> failed("timed out", false, phases);
      case "STOPPED" -> failed("was stopped", false, phases);
      default ->
          throw status.unexpected("IN_PROGRESS, SUCCEEDED, FAILED, FAULT, TIMED_OUT or STOPPED");
    };
  }

  /** The first phase that did not succeed is the cause: POST_BUILD runs after a failed BUILD. */
  private static State failed(String how, boolean commitsFault, List<Json> phases) {
    for (var phase : phases) {
      var status = phase.at("phase-status").optionalText().orElse("SUCCEEDED");
      if (!status.equals("SUCCEEDED"))
        return new State.Failed(
            how, commitsFault, Optional.of(phase.at("phase-type").text()), message(phase));
    }
    return new State.Failed(how, commitsFault, Optional.empty(), "");
  }

  /** An empty context is {@code []} or {@code [": "]}. */
  private static String message(Json phase) {
    return phase.at("phase-context").items().stream()
        .map(Json::text)
        .map(String::strip)
        .filter(text -> !text.isEmpty() && !text.equals(":"))
        .map(text -> SCRIPT.matcher(text).replaceFirst("a command ended with "))
        .findFirst()
        .orElse("");
  }

  private static Map<String, String> variables(Json list) {
    return list.items().stream()
        .filter(variable -> variable.at("value").value() instanceof String)
        .collect(
            Collectors.toMap(
                variable -> variable.at("name").text(),
                variable -> variable.at("value").text(),
                (_, last) -> last,
                HashMap::new));
  }

  /** The last two parts of what is cloned, such as {@code https://github.com/example/dice.git}. */
  private static Optional<String> repository(String location) {
    var matcher = CLONED.matcher(location);
    return matcher.find() ? Optional.of(matcher.group(1)) : Optional.empty();
  }

  static boolean isCommit(String text) {
    return SHA.matcher(text).matches();
  }

  private static Optional<URI> page(String link) {
    try {
      var uri = new URI(link);
      return uri.isAbsolute() ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }
}
