package slipway.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static slipway.audit.Samples.available;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import slipway.audit.Slos.Listed;
import slipway.slo.KeyAttributes;

class QuotaTest {
  private final List<Listed> listed = new ArrayList<>();

  private void exist(int many, String service) {
    for (int i = 0; i < many; i++) {
      var name = service + listed.size();
      listed.add(
          new Listed(
              "arn:" + name,
              name,
              Optional.of(
                  new KeyAttributes(
                      Map.of("Type", "Service", "Name", service, "Environment", "production"))),
              Instant.EPOCH));
    }
  }

  private List<Quota> quotas(Drift... drift) {
    return Quota.of(Samples.config(available("a1", 99)), listed, List.of(drift));
  }

  @Test
  void farFromAQuotaOnlyTheRegionsIsTold() {
    exist(79, "dice");
    assertThat(quotas()).containsExactly(new Quota(Quota.REGION, 79, 0, 250));
    assertThat(quotas().getFirst()).hasToString("SLOs per Region: 79 of 250 used.");
  }

  @Test
  void at80PercentPeopleAreWarnedAndToldHowToRaiseIt() {
    exist(80, "dice");
    exist(120, "web");
    assertThat(quotas())
        .containsExactly(
            new Quota(Quota.REGION, 200, 0, 250),
            new Quota("dice in production", 80, 0, 100),
            new Quota("web in production", 120, 0, 100))
        .allMatch(Quota::near);
    assertThat(quotas().get(1).toString())
        .isEqualTo(
            "SLOs per service, dice in production: 80 of 100 used. Ask for more in Service Quotas"
                + " (CloudWatch Application Signals), then say the new number in slipway.yaml as"
                + " budgets.slosPerService.");
  }

  @Test
  void whatIsDeclaredAndMissingWillCountToo() {
    exist(79, "dice");
    assertThat(quotas(new Drift.Missing("dice", "a1")))
        .containsExactly(
            new Quota(Quota.REGION, 79, 1, 250), new Quota("dice in production", 79, 1, 100));
  }
}
