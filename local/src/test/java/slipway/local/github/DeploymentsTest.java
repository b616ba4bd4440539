package slipway.local.github;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import slipway.json.Json;

/** Deployments as GitHub keeps them, with their statuses. */
final class DeploymentsTest extends TestGitHub {
  private static final String DEPLOYMENTS = "/repos/example/dice/deployments";

  @Test
  void deploymentsKeepTheirStatuses() throws Exception {
    var told = new ArrayList<DeploymentStatus>();
    repository.onDeploymentStatus(told::add);
    var created =
        deploy(
            """
            {"ref": "main", "environment": "production/dice", "payload": {"slipway": "1"},
             "description": "dice", "auto_merge": false, "required_contexts": [],
             "production_environment": true, "transient_environment": false}
            """);
    var path = DEPLOYMENTS + "/" + id(created) + "/statuses";
    assertThat(post(path, "{\"state\":\"in_progress\",\"log_url\":\"https://x/log\"}"))
        .startsWith("201");
    assertThat(post(path, "{\"state\":\"success\",\"environment_url\":\"http://x\"}"))
        .startsWith("201");

    var head = repository.head("main");
    assertThat(created.at("sha").text()).isEqualTo(head);
    assertThat(created.at("id").number()).isGreaterThan(Integer.MAX_VALUE);
    assertThat(created.at("production_environment").flag()).isTrue();
    assertThat(listed("?sha=" + head + "&environment=production%2Fdice&per_page=100"))
        .singleElement()
        .extracting(one -> one.at("payload").value())
        .isEqualTo(Map.of("slipway", "1"));
    assertThat(Json.parse(get(path, Map.of()).body()).items())
        .extracting(
            status -> status.at("state").text(), status -> status.at("environment_url").text())
        .containsExactly(
            org.assertj.core.groups.Tuple.tuple("success", "http://x"),
            org.assertj.core.groups.Tuple.tuple("in_progress", ""));
    assertThat(repository.deployments(head))
        .singleElement()
        .satisfies(
            one -> {
              assertThat(one.environment()).isEqualTo("production/dice");
              assertThat(one.state()).isEqualTo("success");
              assertThat(one.statuses()).isEqualTo(told).hasSize(2);
            });
  }

  @Test
  void deploymentsAreChosenByTheQueryAndCutToPages() throws Exception {
    for (var environment : List.of("test", "production", "test"))
      deploy(
          "{\"ref\":\"main\",\"environment\":\"%s\",\"payload\":\"words\"}".formatted(environment));
    assertThat(listed("?environment=test")).hasSize(2);
    assertThat(listed("?sha=" + ZEROS)).isEmpty();
    assertThat(listed("?ref=main&per_page=2"))
        .extracting(one -> one.at("environment").text())
        .containsExactly("test", "production");
    assertThat(listed("?per_page=2&page=2"))
        .extracting(one -> one.at("payload").text())
        .containsExactly("words");
  }

  @Test
  void successMakesFormerOnesInactiveUnlessTheyAreProductionOrItIsToldNotTo() throws Exception {
    assertThat(statesAfterTwoSuccesses("staging", "")).containsExactly("inactive", "success");
    assertThat(statesAfterTwoSuccesses("production", "")).containsExactly("success", "success");
    assertThat(statesAfterTwoSuccesses("test", ",\"auto_inactive\":false"))
        .containsExactly("success", "success");
  }

  @Test
  void aDeploymentIsRefusedAsGitHubRefusesIt() throws Exception {
    assertThat(post(DEPLOYMENTS, "{}")).startsWith("422").contains("ref");
    assertThat(post(DEPLOYMENTS, "{\"ref\":\"" + ZEROS + "\"}")).startsWith("422");
    assertThat(post(DEPLOYMENTS, "{\"ref\":\"main\",\"payload\":7}")).startsWith("422");
    assertThat(send(DEPLOYMENTS, "{\"ref\":\"main\"}", Map.of())).startsWith("401");
    var path = DEPLOYMENTS + "/" + id(deploy("{\"ref\":\"main\"}")) + "/statuses";
    assertThat(post(path, "{\"state\":\"running\"}")).startsWith("422").contains("state");
    assertThat(post(path, "{\"state\":\"queued\",\"log_url\":\"arn:aws\"}"))
        .startsWith("422")
        .contains("log_url");
    assertThat(post(path, "{\"state\":\"queued\",\"environment_url\":\"dice.local\"}"))
        .startsWith("422")
        .contains("environment_url");
    assertThat(
            post(path, "{\"state\":\"queued\",\"description\":\"%s\"}".formatted("x".repeat(141))))
        .startsWith("422")
        .contains("too long");
    assertThat(post(DEPLOYMENTS + "/1/statuses", "{\"state\":\"queued\"}")).startsWith("404");
    assertThat(repository.deployments(repository.head("main")).getFirst().statuses()).isEmpty();
  }

  private List<String> statesAfterTwoSuccesses(String environment, String more) throws Exception {
    for (var round = 0; round < 2; round++) {
      var made = deploy("{\"ref\":\"main\",\"environment\":\"%s\"}".formatted(environment));
      assertThat(
              post(
                  DEPLOYMENTS + "/" + id(made) + "/statuses",
                  "{\"state\":\"success\"" + more + "}"))
          .startsWith("201");
    }
    return repository.deployments(repository.head("main")).stream()
        .filter(one -> one.environment().equals(environment))
        .map(Deployment::state)
        .toList();
  }

  private Json deploy(String request) throws Exception {
    var answer = post(DEPLOYMENTS, request);
    assertThat(answer).startsWith("201 ");
    return Json.parse(answer.substring("201 ".length()));
  }

  private static long id(Json deployment) {
    return (long) deployment.at("id").number();
  }

  private List<Json> listed(String query) throws Exception {
    return Json.parse(get(DEPLOYMENTS + query, Map.of()).body()).items();
  }
}
