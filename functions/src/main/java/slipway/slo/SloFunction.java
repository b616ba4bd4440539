package slipway.slo;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse;
import com.amazonaws.services.lambda.runtime.events.SQSBatchResponse.BatchItemFailure;
import com.amazonaws.services.lambda.runtime.events.SQSEvent;
import com.amazonaws.services.lambda.runtime.events.SQSEvent.SQSMessage;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.crac.Core;
import org.crac.Resource;
import slipway.aws.Clients;
import slipway.aws.Priming;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.notice.Line;
import slipway.notice.Log;
import slipway.notice.Notices;
import slipway.notice.TopicNotices;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.sns.SnsClient;

/** Makes SLOs as declared, as soon as Application Signals has discovered their service. */
public final class SloFunction implements RequestHandler<SQSEvent, SQSBatchResponse>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(Setting.SLIPWAY_CONFIG, Setting.SLIPWAY_SLO_ATTEMPTS, Setting.SLIPWAY_TOPIC);

  private final SloSync sync;
  private final Catalog catalog;
  private final Notices notices;
  private final int attempts;
  private final Consumer<Line> log;

  /** Called by Lambda. */
  public SloFunction() {
    this(
        new Settings(System.getenv()),
        new ApplicationSignals(
            Clients.paced(ApplicationSignalsClient.builder()), Clock.systemUTC()));
  }

  private SloFunction(Settings settings, ApplicationSignals signals) {
    this(
        new SloSync(
            Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))),
            signals,
            signals,
            Clock.systemUTC()),
        signals,
        new TopicNotices(Clients.build(SnsClient.builder()), settings.get(Setting.SLIPWAY_TOPIC)),
        Integer.parseInt(settings.get(Setting.SLIPWAY_SLO_ATTEMPTS)),
        Log::write);
    Core.getGlobalContext().register(this);
  }

  SloFunction(SloSync sync, Catalog catalog, Notices notices, int attempts, Consumer<Line> log) {
    this.sync = sync;
    this.catalog = catalog;
    this.notices = notices;
    this.attempts = attempts;
    this.log = log;
  }

  @Override
  public SQSBatchResponse handleRequest(SQSEvent event, Context context) {
    return Log.during(context.getAwsRequestId(), () -> batch(event));
  }

  private SQSBatchResponse batch(SQSEvent event) {
    var queue = new SloQueue(sync::sync, notices, attempts, log);
    var again = queue.handle(event.getRecords().stream().map(SloFunction::message).toList());
    return new SQSBatchResponse(again.stream().map(BatchItemFailure::new).toList());
  }

  private static SloQueue.Message message(SQSMessage record) {
    Map<String, String> attributes =
        record.getAttributes() == null ? Map.of() : record.getAttributes();
    return new SloQueue.Message(
        record.getMessageId(),
        record.getBody(),
        Integer.parseInt(attributes.getOrDefault("ApproximateReceiveCount", "1")),
        Optional.ofNullable(attributes.get("AWSTraceHeader")).flatMap(Log::trace));
  }

  /** Reads one page of services before the snapshot, so that the first sync starts warm. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    Priming.run(() -> catalog.services().findFirst());
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
