package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import slipway.config.Source;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;

/**
 * One push from end to end before the SnapStart snapshot is taken, so that the first real one meets
 * loaded classes. GitHub waits for 10 seconds and never asks again.
 */
final class Rehearsal {
  private static final String SECRET = "rehearsal";

  /** What the rehearsed webhook's AWS answers to GetSecretValue, GetItem, StartBuild, PutItem. */
  static final String AWS_ANSWER =
      Json.write(Map.of("SecretString", SECRET, "build", Map.of("id", "rehearsal")));

  private final Source source;
  private final Function<Request, Answer> rehearsed;
  private final WebhookSecret.Source secret;
  private final Consumer<Line> log;

  /**
   * @param source that a push is made up of
   * @param rehearsed a webhook on clients that reach nothing
   * @param secret the real one: reading it opens the one real connection, with all of TLS
   */
  Rehearsal(
      Source source,
      Function<Request, Answer> rehearsed,
      WebhookSecret.Source secret,
      Consumer<Line> log) {
    this.source = source;
    this.rehearsed = rehearsed;
    this.secret = secret;
    this.log = log;
  }

  /** Never fails: without a rehearsal the first push is slower, not lost. */
  void run() {
    try {
      var answer = rehearsed.apply(push());
      if (answer.status() != 202)
        log.accept(
            Line.warning(About.NOTHING, "rehearsal failed", Map.of("answer", answer.toString())));
      // Read and dropped: a snapshot lives long, and a secret must not live in it.
      secret.read();
    } catch (RuntimeException e) {
      log.accept(
          Line.trouble(
              About.NOTHING, "rehearsal failed", Map.of("so", "a first push will be slower"), e));
    }
  }

  private Request push() {
    var payload =
        Map.of(
            "repository", Map.of("full_name", source.repository()),
            "ref", "refs/heads/" + source.branch(),
            "after", "1".repeat(40),
            "commits", List.of(Map.of("modified", List.of("buildspec.yml"))));
    var body = Json.write(payload).getBytes(UTF_8);
    return new Request(
        Map.of(
            "X-Hub-Signature-256", Signature.header(body, SECRET),
            "X-GitHub-Event", "push",
            "X-GitHub-Delivery", "rehearsal",
            "Content-Type", "application/json"),
        body);
  }
}
