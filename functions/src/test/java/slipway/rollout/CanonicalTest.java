package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CanonicalTest {

  @Test
  void whatEcsFillsInDoesNotCount() {
    var given =
        Map.<String, Object>of(
            "networkMode",
            "awsvpc",
            "containerDefinitions",
            List.of(
                Map.of(
                    "name", "app",
                    "portMappings", List.of(Map.of("containerPort", 8080)),
                    "healthCheck", Map.of("command", List.of("CMD", "/healthcheck")))));
    var answered =
        Map.<String, Object>of(
            "networkMode",
            "awsvpc",
            "volumes",
            List.of(),
            "enableFaultInjection",
            false,
            "containerDefinitions",
            List.of(
                Map.of(
                    "name", "app",
                    "cpu", 0,
                    "essential", true,
                    "environment", List.of(),
                    "mountPoints", List.of(),
                    "portMappings",
                        List.of(Map.of("containerPort", 8080, "hostPort", 8080, "protocol", "tcp")),
                    "healthCheck",
                        Map.of(
                            "command", List.of("CMD", "/healthcheck"),
                            "interval", 30,
                            "timeout", 5,
                            "retries", 3))));

    assertThat(Canonical.json(answered)).isEqualTo(Canonical.json(given));
  }

  @Test
  void aDockerLabelNamedLikeADefaultIsKept() {
    assertThat(
            Canonical.json(
                Map.of(
                    "containerDefinitions",
                    List.of(Map.of("name", "app", "dockerLabels", Map.of("cpu", "0"))))))
        .contains("\"dockerLabels\":{\"cpu\":\"0\"}");
  }

  @Test
  void theOrderOfACommandCounts() {
    assertThat(Canonical.json(app(Map.of("command", List.of("a", "b")))))
        .isNotEqualTo(Canonical.json(app(Map.of("command", List.of("b", "a")))));
  }

  @Test
  void ofTwoVariablesWithOneNameTheLastCounts() {
    var one = Map.of("name", "KEY", "value", "1");
    var two = Map.of("name", "KEY", "value", "2");

    assertThat(Canonical.json(app(Map.of("environment", List.of(one, two)))))
        .isNotEqualTo(Canonical.json(app(Map.of("environment", List.of(two, one)))));
  }

  @Property(tries = 300)
  void orderOfMembersAndOfUnorderedListsDoesNotCount(
      @ForAll("definitions") Map<String, Object> definition, @ForAll long seed) {
    assertThat(Canonical.fingerprint(shuffled(definition, new Random(seed))))
        .isEqualTo(Canonical.fingerprint(definition));
  }

  @Property(tries = 300)
  void addedEmptiesDoNotCount(@ForAll("definitions") Map<String, Object> definition) {
    var padded = new LinkedHashMap<String, Object>(definition);
    padded.put("placementConstraints", List.of());
    padded.put("proxyConfiguration", Map.of());
    padded.put("pidMode", null);

    assertThat(Canonical.fingerprint(padded)).isEqualTo(Canonical.fingerprint(definition));
  }

  @Property(tries = 300)
  void everyChangedTextCounts(
      @ForAll("definitions") Map<String, Object> definition, @ForAll long seed) {
    var random = new Random(seed);
    var texts = texts(definition);
    int chosen = random.nextInt(texts);

    assertThat(Canonical.fingerprint(cast(changed(definition, new int[] {chosen}))))
        .isNotEqualTo(Canonical.fingerprint(definition));
  }

  @Provide
  Arbitrary<Map<String, Object>> definitions() {
    var word = Arbitraries.strings().alpha().ofMinLength(1).ofMaxLength(6);
    var pair = Combinators.combine(word, word).as((n, v) -> Map.of("name", n, "value", v));
    var pairs = pair.list().ofMaxSize(4).uniqueElements(p -> p.get("name"));
    var labels = Arbitraries.maps(word, word).ofMaxSize(3);
    var container =
        Combinators.combine(word, pairs, labels, word.list().ofMaxSize(3))
            .as(
                (name, environment, dockerLabels, command) ->
                    Map.<String, Object>of(
                        "name", name,
                        "image", name + ":1",
                        "environment", environment,
                        "dockerLabels", dockerLabels,
                        "command", command,
                        "future", Map.of("member", name)));
    return Combinators.combine(
            word, container.list().ofMinSize(1).ofMaxSize(3).uniqueElements(c -> c.get("name")))
        .as(
            (family, containers) ->
                Map.<String, Object>of("family", family, "containerDefinitions", containers));
  }

  private static Map<String, Object> app(Map<String, Object> members) {
    var container = new LinkedHashMap<String, Object>(members);
    container.put("name", "app");
    return Map.of("containerDefinitions", List.of(container));
  }

  private static Map<String, Object> shuffled(Map<?, ?> map, Random random) {
    var keys = new ArrayList<>(map.keySet());
    Collections.shuffle(keys, random);
    var shuffled = new LinkedHashMap<String, Object>();
    for (var key : keys)
      shuffled.put(
          (String) key,
          switch (map.get(key)) {
            case Map<?, ?> inner -> shuffled(inner, random);
            case List<?> list -> {
              var items = new ArrayList<Object>();
              for (var item : list)
                items.add(item instanceof Map<?, ?> inner ? shuffled(inner, random) : item);
              if (!key.equals("command")) Collections.shuffle(items, random);
              yield items;
            }
            case Object scalar -> scalar;
          });
    return shuffled;
  }

  private static int texts(Object value) {
    return switch (value) {
      case Map<?, ?> map -> map.values().stream().mapToInt(CanonicalTest::texts).sum();
      case List<?> list -> list.stream().mapToInt(CanonicalTest::texts).sum();
      case Object _ -> 1;
    };
  }

  /** The same with one text changed: the one that is reached after so many others. */
  private static Object changed(Object value, int[] left) {
    return switch (value) {
      case Map<?, ?> map -> {
        var changed = new LinkedHashMap<Object, Object>();
        map.forEach((key, member) -> changed.put(key, changed(member, left)));
        yield changed;
      }
      case List<?> list -> {
        var changed = new ArrayList<Object>();
        for (var item : list) changed.add(changed(item, left));
        yield changed;
      }
      case Object scalar -> left[0]-- == 0 ? scalar + "!" : scalar;
    };
  }

  private static Map<String, Object> cast(Object tree) {
    var map = new LinkedHashMap<String, Object>();
    ((Map<?, ?>) tree).forEach((key, value) -> map.put((String) key, value));
    return map;
  }
}
