package slipway.local.demo;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import slipway.config.Service;
import slipway.config.Slo;
import slipway.local.stack.LocalStack;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.applicationsignals.ApplicationSignalsClient;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetReport;
import software.amazon.awssdk.services.applicationsignals.model.ServiceLevelObjectiveBudgetStatus;

/** What a person sees in CloudWatch's console: the error budgets of a service. */
final class Budgets implements AutoCloseable {
  private final ApplicationSignalsClient signals;
  private final List<String> slos;

  Budgets(LocalStack stack, Service service) {
    var keys = stack.operator();
    signals =
        ApplicationSignalsClient.builder()
            .endpointOverride(stack.endpoint())
            .region(Region.AP_NORTHEAST_1)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsSessionCredentials.create(
                        keys.caller().accessKey(), keys.secret(), keys.token())))
            .build();
    slos = service.slos().stream().map(Slo::name).toList();
  }

  /** The name of the first SLO whose error budget is so now. */
  Optional<String> find(Predicate<ServiceLevelObjectiveBudgetStatus> wanted) {
    return signals
        .batchGetServiceLevelObjectiveBudgetReport(
            batch -> batch.sloIds(slos).timestamp(Instant.now()))
        .reports()
        .stream()
        .filter(report -> wanted.test(report.budgetStatus()))
        .map(ServiceLevelObjectiveBudgetReport::name)
        .findFirst();
  }

  /** Whether no SLO's budget is spent now. */
  boolean recovered() {
    return find(ServiceLevelObjectiveBudgetStatus.BREACHED::equals).isEmpty();
  }

  @Override
  public void close() {
    signals.close();
  }
}
