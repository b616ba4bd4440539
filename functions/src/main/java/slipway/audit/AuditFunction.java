package slipway.audit;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.crac.Core;
import org.crac.Resource;
import slipway.audit.Auditor.Outcome;
import slipway.audit.Auditor.Request;
import slipway.aws.Clients;
import slipway.aws.Priming;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.json.Json;
import slipway.notice.About;
import slipway.notice.Line;
import slipway.notice.Log;
import slipway.notice.TopicNotices;
import slipway.rollout.TableHistory;
import slipway.rollout.TableSpentBudgets;
import slipway.slo.ApplicationSignals;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.cloudwatch.CloudWatchClient;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;
import software.amazon.awssdk.services.sqs.SqsClient;

/**
 * Audits the stack's SLOs. The FIFO queue of audits wakes it, one message at a time: an audit that
 * one invocation's time is too short for goes back to it, and on at the next delivery. An operator
 * may call it, too, with {@code {"audit":"any reason"}}; then it answers where the report is.
 */
public final class AuditFunction implements RequestHandler<Map<String, Object>, Object>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(
          Setting.SLIPWAY_CONFIG,
          Setting.SLIPWAY_TABLE,
          Setting.SLIPWAY_TOPIC,
          Setting.SLIPWAY_REPORTS,
          Setting.SLIPWAY_SLO_QUEUE,
          Setting.SLIPWAY_ROLLOUT_QUEUE);

  private final Auditor auditor;
  private final Runnable warmUp;
  private final Consumer<Line> log;

  /** Called by Lambda. */
  public AuditFunction() {
    this(new Settings(System.getenv()), Clock.systemUTC());
  }

  private AuditFunction(Settings settings, Clock clock) {
    this(
        Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))),
        settings,
        Clients.paced(ApplicationSignalsClient.builder()),
        new CloudWatchMetrics(Clients.paced(CloudWatchClient.builder())),
        new Reports(Reports.client(S3Client.builder()), settings.get(Setting.SLIPWAY_REPORTS)),
        Clients.build(DynamoDbClient.builder()),
        Clients.build(SqsClient.builder()),
        clock);
    Core.getGlobalContext().register(this);
  }

  private AuditFunction(
      Config config,
      Settings settings,
      ApplicationSignalsClient signals,
      CloudWatchMetrics metrics,
      Archive archive,
      DynamoDbClient dynamo,
      SqsClient sqs,
      Clock clock) {
    this(
        new Auditor(
            config,
            new Reader(
                config,
                new SignalsSlos(signals),
                new ApplicationSignals(signals, clock),
                metrics,
                new PastDeliveries(
                    new TableHistory(dynamo, settings.get(Setting.SLIPWAY_TABLE)), clock),
                archive,
                clock),
            archive,
            new Auditor.Outlets(
                TableSpentBudgets.of(
                    dynamo,
                    settings.get(Setting.SLIPWAY_TABLE),
                    sqs,
                    settings.get(Setting.SLIPWAY_ROLLOUT_QUEUE),
                    clock),
                syncs(sqs, settings.get(Setting.SLIPWAY_SLO_QUEUE)),
                new TopicNotices(
                    Clients.build(SnsClient.builder()), settings.get(Setting.SLIPWAY_TOPIC))),
            clock),
        () -> {
          Priming.run(new SignalsSlos(signals)::touch);
          Priming.run(metrics::touch);
          Priming.run(() -> archive.read(Auditor.LATEST + ".json"));
        },
        Log::write);
  }

  AuditFunction(Auditor auditor, Runnable warmUp, Consumer<Line> log) {
    this.auditor = auditor;
    this.warmUp = warmUp;
    this.log = log;
  }

  private static SyncRequests syncs(SqsClient sqs, String queue) {
    return service ->
        sqs.sendMessage(
            message ->
                message
                    .queueUrl(queue)
                    .messageBody(Json.write(Map.of("service", service.value()))));
  }

  @Override
  public Object handleRequest(Map<String, Object> event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> handle(Json.of(event), context));
  }

  private Object handle(Json json, Context context) {
    return json.at("Records").missing()
        ? audit(new Request(why(json), Optional.empty()), context).toString()
        : batch(json.at("Records").items(), context);
  }

  /** In the queue's order: what comes after a message that must come again must come again, too. */
  private Object batch(List<Json> messages, Context context) {
    var again = new ArrayList<Map<String, String>>();
    for (var message : messages)
      if (!again.isEmpty() || !done(message, context))
        again.add(Map.of("itemIdentifier", message.at("messageId").text()));
    return Map.of("batchItemFailures", again);
  }

  private boolean done(Json message, Context context) {
    try {
      var why = why(Json.parse(message.at("body").text()));
      return switch (audit(new Request(why, sent(message)), context)) {
        case Outcome.Done _, Outcome.Answered _ -> true;
        case Outcome.Unfinished _ -> false;
      };
    } catch (RuntimeException e) {
      log.accept(
          Line.trouble(
              About.NOTHING, "comes again", Map.of("message", message.at("messageId").text()), e));
      return false;
    }
  }

  private static Optional<Instant> sent(Json message) {
    return message
        .at("attributes")
        .at("SentTimestamp")
        .optionalText()
        .map(millis -> Instant.ofEpochMilli(Long.parseLong(millis)));
  }

  private Outcome audit(Request request, Context context) {
    Supplier<Duration> remaining = () -> Duration.ofMillis(context.getRemainingTimeInMillis());
    var outcome = auditor.audit(request, remaining, log);
    log.accept(Line.info(About.NOTHING, "audited", Map.of("outcome", outcome.toString())));
    return outcome;
  }

  /** The schedule's own input, or Scheduler's envelope if the schedule has none. */
  private static String why(Json event) {
    var why = event.at("audit").optionalText();
    if (why.isPresent()) return why.get();
    if (event.at("source").optionalText().filter("aws.scheduler"::equals).isPresent())
      return "scheduled";
    throw event.at("audit").unexpected("a reason such as 'scheduled'");
  }

  /** Reads a little of everything before the snapshot, so that the first audit starts warm. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    warmUp.run();
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
