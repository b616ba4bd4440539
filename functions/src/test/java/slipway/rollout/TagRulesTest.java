package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.services.ecr.EcrClient;

/** Which tags of a repository may move, as ECR tells it over the wire. */
class TagRulesTest {

  @ParameterizedTest
  @CsvSource({
    "MUTABLE,,true",
    "IMMUTABLE,,false",
    "IMMUTABLE_WITH_EXCLUSION,live,true",
    "IMMUTABLE_WITH_EXCLUSION,li*e,true",
    "IMMUTABLE_WITH_EXCLUSION,*,true",
    "IMMUTABLE_WITH_EXCLUSION,live.*,false",
    "IMMUTABLE_WITH_EXCLUSION,liv,false",
    "MUTABLE_WITH_EXCLUSION,l*,false",
    "MUTABLE_WITH_EXCLUSION,v*,true",
    "MUTABLE_TOMORROW,,true"
  })
  void aTagMovesAsTheRepositorySays(String mutability, String except, boolean moves)
      throws IOException {
    var filters =
        except == null
            ? ""
            : ",\"imageTagMutabilityExclusionFilters\":[{\"filterType\":\"WILDCARD\",\"filter\":\"%s\"}]"
                .formatted(except);
    try (var wire =
        new Wire(
            _ ->
                new Wire.Answer(
                    200,
                    "{\"repositories\":[{\"repositoryName\":\"shop/dice\",\"imageTagMutability\":\"%s\"%s}]}"
                        .formatted(mutability, filters)))) {
      var rules = repositories(wire).tagRules("shop/dice").orElseThrow();

      assertThat(rules.mayMove("live")).isEqualTo(moves);
      assertThat(wire.requests)
          .singleElement()
          .extracting(Wire.Request::body)
          .isEqualTo("{\"repositoryNames\":[\"shop/dice\"]}");
    }
  }

  @Test
  void aRepositoryThatIsNotThereIsNoError() throws IOException {
    try (var wire =
        new Wire(_ -> new Wire.Answer(400, "{\"__type\":\"RepositoryNotFoundException\"}"))) {
      assertThat(repositories(wire).tagRules("shop/dice")).isEmpty();
    }
  }

  @Test
  void severalExceptionsAreAsGoodAsOne() {
    var rules = new TagRules(false, List.of("cache", "live*"));

    assertThat(rules.mayMove("live-2")).isTrue();
    assertThat(rules.mayMove("v1")).isFalse();
  }

  private static EcrRepositories repositories(Wire wire) {
    return new EcrRepositories(wire.client(EcrClient.builder()));
  }
}
