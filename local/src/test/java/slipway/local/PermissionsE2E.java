package slipway.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Isolated;
import slipway.local.iam.Needs;

/**
 * What all the tests before needed of the permissions that the template grants: nothing is granted
 * that no test needs, so that to remove any statement makes a test fail. What only AWS itself needs
 * is listed, with reasons, in {@code unneeded-permissions.txt}; it is to be reviewed as code is.
 */
@Order(Integer.MAX_VALUE - 1)
@Isolated // after those that run beside the others, too: what they asked counts
@ExtendWith({Deployed.Once.class, Evidence.OfTheRun.class})
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PermissionsE2E {
  /**
   * {@code <holder> <action>: <why>}; in holders, {@code *} stands for any text. A reason that
   * begins with "sometimes" is for what a slow machine may have the tests need.
   */
  private static final Pattern LINE = Pattern.compile("(\\S.*?) (\\S+:\\S+): (\\S.*)");

  private Evidence evidence;
  private Needs needs;
  private Map<Pattern, String> listed;

  @BeforeAll
  void collect(Deployed deployed, Evidence evidence) throws IOException {
    this.evidence = evidence;
    evidence.add(deployed.stack);
    needs = evidence.stacks().stream().map(Evidence.Seen::needs).reduce(Needs::and).orElseThrow();
    listed = listed();
  }

  private static Map<Pattern, String> listed() throws IOException {
    try (var file = PermissionsE2E.class.getResourceAsStream("unneeded-permissions.txt")) {
      var lines = new LinkedHashMap<Pattern, String>();
      for (var line : new String(file.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
        if (line.isBlank() || line.startsWith("#")) continue;
        var parts = LINE.matcher(line);
        assertThat(parts.matches()).as("<holder> <action>: <why>, but it is " + line).isTrue();
        var holder = Pattern.quote(parts.group(1)).replace("*", "\\E.*\\Q");
        lines.put(Pattern.compile(holder + " " + Pattern.quote(parts.group(2))), line);
      }
      return lines;
    }
  }

  @Test
  void nothingIsGrantedThatNoTestNeedsAndNoReasonExcuses() {
    var unexcused = new TreeSet<>(needs.unneeded());
    unexcused.removeIf(this::excused);

    assertThat(unexcused)
        .as("no test needs these: take them away, test them, or list them with a reason")
        .isEmpty();
  }

  private boolean excused(String permission) {
    return listed.keySet().stream().anyMatch(line -> line.matcher(permission).matches());
  }

  @Test
  void noReasonIsGivenForWhatATestNeedsOrNobodyGrants() {
    var unneeded = needs.unneeded();
    var stale = new ArrayList<String>();
    listed.forEach(
        (permission, line) -> {
          var always = !line.contains(": sometimes ");
          if (always && unneeded.stream().noneMatch(one -> permission.matcher(one).matches()))
            stale.add(line);
        });

    assertThat(stale).as("these lines excuse nothing any more: delete them").isEmpty();
  }

  /** A statement whose removal refuses no request is one whose every action is excused. */
  @Test
  void toRemoveAnyStatementMakesATestFail() {
    var free = new ArrayList<Needs.Statement>();
    needs
        .statements()
        .forEach(
            (statement, needed) -> {
              if (needed.isEmpty() && !allExcused(statement)) free.add(statement);
            });

    assertThat(needs.statements().keySet())
        .extracting(Needs.Statement::holder)
        .contains("DeployerRolloutFunctionRole", "BuildsProjectRole", "EventsScheduleRole");
    assertThat(free).isEmpty();
  }

  private boolean allExcused(Needs.Statement statement) {
    return statement.actions().stream()
        .allMatch(action -> excused(statement.holder() + " " + action));
  }

  @Test
  void everyRequestWasRecordedAndAllowed() {
    assertThat(evidence.stacks()).extracting(Evidence.Seen::dropped).containsOnly(0L);
    assertThat(evidence.stacks())
        .extracting(Evidence.Seen::refused)
        .containsOnly(List.<String>of());
  }

  @Test
  void everyFunctionIsAmongThem(Deployed deployed) {
    var functions =
        deployed.stack.declared().values().stream()
            .filter(resource -> resource.type().equals("AWS::Lambda::Function"))
            .toList();
    var holders = new TreeSet<String>();
    needs.statements().keySet().forEach(statement -> holders.add(statement.holder()));

    assertThat(functions).isNotEmpty();
    assertThat(holders)
        .contains("diceVisitorRole", "diceTemplateTaskTaskRole", "diceTemplateTaskExecutionRole")
        .filteredOn(holder -> holder.matches("Deployer.*FunctionRole"))
        .hasSameSizeAs(functions);
  }
}
