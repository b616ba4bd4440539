package slipway.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * The scenarios in an AWS account: {@code mvn -P account verify}. It costs money, so nothing but
 * that profile runs it.
 */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class AccountScenarios {
  private static Account account;
  private static Scenarios scenarios;

  @BeforeAll
  static void deploy() {
    account = Account.deploy(Account.Settings.fromMaven());
    scenarios = new Scenarios(account);
  }

  @AfterAll
  static void takeAway() {
    if (scenarios != null) scenarios.close();
    if (account != null) account.close();
  }

  @Test
  @Order(1)
  void theFirstVersionServes() {
    scenarios.theFirstVersionServes();
  }

  @Test
  @Order(2)
  void aPushServesAndItsSlosAppear() {
    assertThat(scenarios.aPushServes("2").seen().succeeded()).isGreaterThan(100);
    scenarios.itsSlosAppear();
  }

  @Test
  @Order(3)
  void anAuditReportsEachSlo() {
    scenarios.anAuditReportsEachSlo();
  }

  @Test
  @Order(4)
  void aVersionThatIsNotHealthyNeverServes() {
    scenarios.aVersionThatIsNotHealthyNeverServes();
  }

  @Test
  @Order(5)
  void aRollbackServesTheVersionBefore() {
    scenarios.aRollbackServesTheVersionBefore("hasty");
  }

  @Test
  @Order(6)
  void noDeadLetterIsLeft() {
    scenarios.noDeadLetterIsLeft();
  }
}
