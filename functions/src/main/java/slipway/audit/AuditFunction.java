package slipway.audit;

import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.RequestHandler;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import java.util.Set;
import org.crac.Core;
import org.crac.Resource;
import slipway.aws.Clients;
import slipway.aws.Priming;
import slipway.config.Config;
import slipway.config.Configs;
import slipway.config.Setting;
import slipway.config.Settings;
import slipway.json.Json;
import slipway.notice.Notices;
import slipway.notice.TopicNotices;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.sns.SnsClient;

/**
 * Audits the stack's SLOs when EventBridge Scheduler says so, or an operator with {@code
 * {"audit":"any reason"}}; answers where the report is.
 */
public final class AuditFunction implements RequestHandler<Map<String, Object>, String>, Resource {
  /** What infra sets. */
  public static final Set<Setting> SETTINGS =
      Set.of(Setting.SLIPWAY_CONFIG, Setting.SLIPWAY_TOPIC, Setting.SLIPWAY_REPORTS);

  private final Auditor auditor;
  private final Runnable warmUp;

  /** Called by Lambda. */
  public AuditFunction() {
    this(new Settings(System.getenv()), Clock.systemUTC());
  }

  private AuditFunction(Settings settings, Clock clock) {
    this(
        Configs.read(Path.of(settings.get(Setting.SLIPWAY_CONFIG))),
        new SignalsBudgets(Clients.paced(ApplicationSignalsClient.builder())),
        new Reports(Reports.client(S3Client.builder()), settings.get(Setting.SLIPWAY_REPORTS)),
        new TopicNotices(Clients.build(SnsClient.builder()), settings.get(Setting.SLIPWAY_TOPIC)),
        clock);
    Core.getGlobalContext().register(this);
  }

  private AuditFunction(
      Config config, SignalsBudgets signals, Archive archive, Notices notices, Clock clock) {
    this(
        new Auditor(config, signals, archive, notices, clock),
        () -> {
          Priming.run(signals::touch);
          Priming.run(() -> archive.read(Auditor.LATEST + ".json"));
        });
  }

  AuditFunction(Auditor auditor, Runnable warmUp) {
    this.auditor = auditor;
    this.warmUp = warmUp;
  }

  @Override
  public String handleRequest(Map<String, Object> event, Context context) {
    var answer = auditor.audit(why(Json.of(event)), context.getLogger()::log);
    context.getLogger().log(answer);
    return answer;
  }

  /** The schedule's own input, or Scheduler's envelope if the schedule has none. */
  private static String why(Json event) {
    var why = event.at("audit").optionalText();
    if (why.isPresent()) return why.get();
    if (event.at("source").optionalText().filter("aws.scheduler"::equals).isPresent())
      return "scheduled";
    throw event.at("audit").unexpected("a reason such as 'scheduled'");
  }

  /** Reads an SLO and the last report before the snapshot, so that the first audit starts warm. */
  @Override
  public void beforeCheckpoint(org.crac.Context<? extends Resource> context) {
    warmUp.run();
  }

  @Override
  public void afterRestore(org.crac.Context<? extends Resource> context) {}
}
