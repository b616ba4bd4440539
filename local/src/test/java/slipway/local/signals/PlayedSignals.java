package slipway.local.signals;

import java.io.IOException;
import java.time.Instant;
import java.util.function.Consumer;
import slipway.local.HandClock;
import slipway.local.cloud.Pace;
import slipway.local.metrics.MetricStore;
import slipway.local.metrics.Minutes;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.retries.DefaultRetryStrategy;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.BatchGetServiceLevelObjectiveBudgetReportResponse;
import software.amazon.awssdk.services.applicationsignals.model.CreateServiceLevelObjectiveRequest;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelIndicatorMetricConfig;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjective;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetReport;

/** Application Signals at pace 10 and on a clock of its own, with the SDK's client. */
final class PlayedSignals implements AutoCloseable {
  static final Instant NOON = Instant.parse("2026-08-04T12:00:00Z");
  static final ServiceKey DICE = new ServiceKey("dice", "production");
  static final String ROLL = "GET /rolldice";

  /** All that AWS allows, at any rate. */
  static final Limits LIMITS = Limits.AWS.withRates(Double.POSITIVE_INFINITY);

  final HandClock clock = new HandClock(NOON);
  final MetricStore store = new MetricStore(new Minutes(new Pace(10)));
  final Measurements measurements = new Measurements(store);
  final Wire wire;
  final ApplicationSignalsClient client;

  PlayedSignals(Limits limits) throws IOException {
    wire =
        new Wire(
            new ApplicationSignals(measurements, clock, "ap-northeast-1", "123456789012", limits));
    client =
        ApplicationSignalsClient.builder()
            .endpointOverride(wire.endpoint())
            .region(Region.AP_NORTHEAST_1)
            .credentialsProvider(
                StaticCredentialsProvider.create(AwsBasicCredentials.create("key", "secret")))
            .overrideConfiguration(o -> o.retryStrategy(DefaultRetryStrategy.doNotRetry()))
            .httpClient(ApacheHttpClient.create())
            .build();
  }

  /** The n-th minute of AWS after noon begins. */
  void minute(int n) {
    clock.set(NOON.plusSeconds(6L * n));
  }

  void served(String operation, Request.Outcome outcome) {
    served(operation, 20, outcome);
  }

  void served(String operation, double millis, Request.Outcome outcome) {
    measurements.add(new Request(DICE, operation, clock.instant(), millis, outcome));
  }

  void called(String remote, String operation, Request.Outcome outcome) {
    measurements.add(new Call(DICE, ROLL, remote, operation, clock.instant(), 5, outcome));
  }

  ServiceLevelObjective create(Consumer<CreateServiceLevelObjectiveRequest.Builder> change) {
    return client.createServiceLevelObjective(change).slo();
  }

  ServiceLevelObjectiveBudgetReport report(String slo) {
    return reports(slo).reports().getFirst();
  }

  BatchGetServiceLevelObjectiveBudgetReportResponse reports(String... slos) {
    return client.batchGetServiceLevelObjectiveBudgetReport(
        r -> r.timestamp(clock.instant()).sloIds(slos));
  }

  @Override
  public void close() {
    client.close();
    wire.close();
  }

  /** An objective whose periods count. */
  static Consumer<CreateServiceLevelObjectiveRequest.Builder> periods(
      String name,
      double threshold,
      String comparison,
      Consumer<ServiceLevelIndicatorMetricConfig.Builder> metric) {
    return create ->
        create
            .name(name)
            .sliConfig(
                sli ->
                    sli.sliMetricConfig(metric)
                        .metricThreshold(threshold)
                        .comparisonOperator(comparison));
  }

  /** Of the whole of dice, minute by minute. */
  static ServiceLevelIndicatorMetricConfig.Builder availability(
      ServiceLevelIndicatorMetricConfig.Builder metric) {
    return metric.keyAttributes(DICE.keyAttributes()).metricType("AVAILABILITY").periodSeconds(60);
  }
}
