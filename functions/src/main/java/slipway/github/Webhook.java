package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import slipway.config.Config;
import slipway.config.Container;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Measure;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.exception.SdkServiceException;

/**
 * Serves webhook requests: checks the signature over the raw bytes before anything is read from
 * them, decides, starts the build and then remembers the delivery, in that order: a first try that
 * failed must not count as done.
 */
final class Webhook {
  private static final int LONGEST_HEADER = 200;
  private final Config config;
  private final WebhookSecret secret;
  private final Deliveries deliveries;
  private final Builds builds;
  private final Consumer<Line> log;

  Webhook(
      Config config,
      WebhookSecret secret,
      Deliveries deliveries,
      Builds builds,
      Consumer<Line> log) {
    this.config = config;
    this.secret = secret;
    this.deliveries = deliveries;
    this.builds = builds;
    this.log = log;
  }

  Answer answer(Request request) {
    if (request.body().length > Request.LONGEST_BODY) return tooLong();
    try {
      if (!secret.signed(request.header("X-Hub-Signature-256"), request.body()))
        return Answer.UNAUTHORIZED;
    } catch (SdkException | IllegalStateException | IllegalArgumentException e) {
      log.accept(
          Line.trouble(
              About.NOTHING,
              "webhook secret cannot be read",
              Map.of("so", "no delivery is taken"),
              e));
      return Answer.UNAVAILABLE;
    }
    try {
      return signed(request);
    } catch (Malformed wrong) {
      return Answer.refused(400, wrong.getMessage());
    }
  }

  /** Also for a body that was not even decoded. */
  static Answer tooLong() {
    return Answer.refused(413, "the body is longer than " + Request.LONGEST_BODY + " bytes");
  }

  private Answer signed(Request request) {
    if (request.header("Content-Type").filter(Webhook::isForm).isPresent())
      throw new Malformed(
          "Content-Type",
          "is application/x-www-form-urlencoded: set the webhook's content type to"
              + " application/json");
    var delivery = required(request, "X-GitHub-Delivery");
    var event = required(request, "X-GitHub-Event");
    var payload = Json.parse(new String(request.body(), UTF_8));
    return switch (PushDecision.of(event, payload, config)) {
      // Not remembered: it is decided the same way again, unless the configuration changed, and
      // then a redelivery is asked for the new answer.
      case PushDecision.Ignored(var reason) -> {
        var ignored = Answer.accepted("ignored", reason);
        yield event.equals("push")
            ? ignored.about(About.push(payload.at("after").text()))
            : ignored;
      }
      case PushDecision.Build build -> {
        var about = About.services(services(build)).commit(build.commit());
        yield build(delivery, build, about).about(about);
      }
    };
  }

  /** Names of the services whose images are built. */
  private List<String> services(PushDecision.Build build) {
    return config.from(build.source()).stream()
        .filter(service -> service.built().stream().anyMatch(build.images()::contains))
        .map(service -> service.name().value())
        .toList();
  }

  private Answer build(String delivery, PushDecision.Build build, About about) {
    try {
      return deliveries.find(delivery).orElseGet(() -> start(delivery, build, about));
    } catch (SdkException e) {
      log.accept(
          Line.trouble(
              about, "push built nothing", Map.of("delivery", delivery, "code", code(e)), e));
      return helpsLater(e)
          ? Answer.failed(503, "nothing was built, as AWS could not serve it now: redeliver later")
          : Answer.failed(
              500, "nothing was built, as AWS refused it: see the function's log, then redeliver");
    }
  }

  private Answer start(String delivery, PushDecision.Build build, About about) {
    var id = builds.start(build.source(), build.images(), build.commit(), build.pushed(), delivery);
    for (var service : about.services())
      log.accept(
          Line.info(
                  About.service(service).commit(build.commit()),
                  "push builds",
                  Map.of("build", id, "delivery", delivery))
              .measuring(config.stack(), Map.of(Measure.PUSHES, 1.0)));
    var images = build.images().stream().map(Container.Built::repository).collect(joining(", "));
    var answer =
        Answer.accepted(
            "building",
            "%s at %s, as build %s: %s".formatted(images, build.commit(), id, build.why()));
    try {
      return deliveries.remember(delivery, answer);
    } catch (SdkException e) {
      // The build runs. An error would invite a redelivery, and that a second build.
      log.accept(
          Line.trouble(
              about, "delivery not remembered", Map.of("delivery", delivery, "build", id), e));
      return answer;
    }
  }

  private static boolean helpsLater(SdkException e) {
    return switch (e) {
      case SdkClientException _ -> true;
      case SdkServiceException service ->
          service.statusCode() >= 500 || service.isThrottlingException() || tooMany(service);
      default -> e.retryable();
    };
  }

  /** Builds at once; one ends, and there is room. */
  private static boolean tooMany(SdkServiceException e) {
    return "AccountLimitExceededException".equals(code(e));
  }

  /** The service's own name for what went wrong, which its message does not repeat. */
  private static String code(SdkException e) {
    return e instanceof AwsServiceException aws && aws.awsErrorDetails() != null
        ? aws.awsErrorDetails().errorCode()
        : e.getClass().getSimpleName();
  }

  private static boolean isForm(String contentType) {
    return contentType.toLowerCase(Locale.ROOT).startsWith("application/x-www-form-urlencoded");
  }

  private static String required(Request request, String header) {
    var value =
        request
            .header(header)
            .orElseThrow(() -> new Malformed(header, "is missing: want the header"));
    if (value.length() > LONGEST_HEADER)
      throw new Malformed(
          header, "has %d characters: want up to %d".formatted(value.length(), LONGEST_HEADER));
    return value;
  }
}
