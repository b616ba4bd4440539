package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.aws.RawJson;
import slipway.json.Json;
import software.amazon.awssdk.core.SdkField;
import software.amazon.awssdk.core.protocol.MarshallingType;
import software.amazon.awssdk.core.traits.ListTrait;
import software.amazon.awssdk.core.traits.MapTrait;
import software.amazon.awssdk.services.ecs.EcsClient;
import software.amazon.awssdk.services.ecs.model.DescribeTaskDefinitionResponse;
import software.amazon.awssdk.services.ecs.model.RegisterTaskDefinitionRequest;

/**
 * That nothing of a task definition is lost, whatever it says: the documents here use every member
 * that the SDK's model of ECS has, at every level, so that the proof grows with the SDK.
 */
class EveryMemberTest {
  private static final Map<MarshallingType<?>, Object> SCALARS =
      Map.of(
          MarshallingType.INTEGER,
          7,
          MarshallingType.LONG,
          8,
          MarshallingType.DOUBLE,
          1.5,
          MarshallingType.BOOLEAN,
          true,
          MarshallingType.INSTANT,
          1_700_000_000.25);

  /** Members that ECS takes. */
  private static final Set<String> TAKEN =
      RegisterTaskDefinitionRequest.builder().build().sdkFields().stream()
          .map(SdkField::locationName)
          .collect(Collectors.toSet());

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void onlyFamilyImagesAndSlipwaysTagsDifferOnTheWire(boolean tomorrow) throws IOException {
    var described = described(tomorrow);
    try (var wire =
        new Wire(
            request ->
                new Wire.Answer(
                    200,
                    request.target().orElseThrow().endsWith("DescribeTaskDefinition")
                        ? Json.write(described)
                        : "{\"taskDefinition\":{\"taskDefinitionArn\":\"dice:1\"}}"))) {
      var definitions =
          new EcsTaskDefinitions(
              wire.client(
                  EcsClient.builder()
                      .overrideConfiguration(o -> o.addExecutionInterceptor(new RawJson()))));
      var template = definitions.find("dice-template").orElseThrow();
      var container = template.images().keySet().iterator().next();
      var pinned = Samples.image("app", 1).pinned();

      definitions.register(
          template
              .revisionOf(Samples.DICE, Map.of(container, pinned))
              .tagged(Map.of(TaskDefinition.FINGERPRINT, "f")));

      var expected = new LinkedHashMap<>(object(described.get("taskDefinition")));
      expected.keySet().removeIf(name -> !TAKEN.contains(name) && !name.equals("tomorrow"));
      expected.put("family", "dice");
      var containers = new ArrayList<Object>((List<?>) expected.get("containerDefinitions"));
      var first = new LinkedHashMap<>(object(containers.getFirst()));
      first.put("image", pinned);
      containers.set(0, first);
      expected.put("containerDefinitions", containers);
      var tags = new ArrayList<Object>((List<?>) described.get("tags"));
      tags.add(Map.of("key", TaskDefinition.FINGERPRINT, "value", "f"));
      expected.put("tags", tags);
      assertThat(expected.keySet()).containsAll(TAKEN);
      assertThat(Json.parse(wire.requests.getLast().body()).value()).isEqualTo(expected);
    }
  }

  /** A change that the fingerprint does not see would never be rolled out. */
  @Test
  void aChangeOfAnyMemberIsAChangeOfTheFingerprint() {
    var container = new ArrayList<>(definition(described(true)).images().keySet()).getFirst();
    var before = fingerprint(described(true), container);
    var leaves = leaves("", described(true));
    assertThat(leaves).hasSizeGreaterThan(200);

    var unseen =
        leaves.stream()
            .filter(leaf -> fingerprint(changed(leaf), container).equals(before))
            .map(leaf -> leaf.replaceAll("\\[\\d]", ""))
            .collect(Collectors.toSet());

    // The family and the image that is pinned are Slipway's to say; the rest only ECS says (as it
    // does deleteRequestedAt, which the SDK's model lacks: EcsTaskDefinitionsTest has that).
    assertThat(unseen)
        .containsExactlyInAnyOrder(
            "/tomorrow",
            "/taskDefinition/family",
            "/taskDefinition/containerDefinitions/image",
            "/taskDefinition/taskDefinitionArn",
            "/taskDefinition/revision",
            "/taskDefinition/status",
            "/taskDefinition/requiresAttributes/name",
            "/taskDefinition/requiresAttributes/value",
            "/taskDefinition/requiresAttributes/targetType",
            "/taskDefinition/requiresAttributes/targetId",
            "/taskDefinition/requiresAttributes/tomorrow",
            "/taskDefinition/compatibilities",
            "/taskDefinition/registeredAt",
            "/taskDefinition/registeredBy",
            "/taskDefinition/deregisteredAt");
  }

  /** What DescribeTaskDefinition answers at most; with a member of a later ECS in every object. */
  private static Map<String, Object> described(boolean tomorrow) {
    return members(
        DescribeTaskDefinitionResponse.builder().build().sdkFields(), "", tomorrow, "none");
  }

  private static TaskDefinition definition(Map<String, Object> described) {
    return TaskDefinition.described(Json.of(described));
  }

  private static String fingerprint(Map<String, Object> described, String container) {
    return definition(described)
        .revisionOf(Samples.DICE, Map.of(container, Samples.image("app", 1).pinned()))
        .fingerprint();
  }

  private static Map<String, Object> members(
      List<SdkField<?>> fields, String path, boolean tomorrow, String changed) {
    var members = new LinkedHashMap<String, Object>();
    for (var field : fields)
      members.put(
          field.locationName(), value(field, path + "/" + field.locationName(), tomorrow, changed));
    if (tomorrow) members.put("tomorrow", text(path + "/tomorrow", changed));
    return members;
  }

  private static Object value(SdkField<?> field, String path, boolean tomorrow, String changed) {
    var type = field.marshallingType();
    if (type.equals(MarshallingType.SDK_POJO))
      return members(field.constructor().get().sdkFields(), path, tomorrow, changed);
    if (type.equals(MarshallingType.LIST)) {
      var member = field.getTrait(ListTrait.class).memberFieldInfo();
      return List.of(
          value(member, path + "[0]", tomorrow, changed),
          value(member, path + "[1]", tomorrow, changed));
    }
    if (type.equals(MarshallingType.MAP)) {
      var member = field.getTrait(MapTrait.class).valueFieldInfo();
      return Map.of("key", value(member, path + "/key", tomorrow, changed));
    }
    if (type.equals(MarshallingType.STRING)) return text(path, changed);
    var scalar = SCALARS.get(type);
    if (scalar == null) throw new AssertionError(path + ": this test makes no " + type);
    if (!path.equals(changed)) return scalar;
    return scalar instanceof Number number ? number.intValue() + 1 : (Object) false;
  }

  private static String text(String path, String changed) {
    return path.equals(changed) ? path + " changed" : path;
  }

  private static Map<String, Object> changed(String leaf) {
    return members(DescribeTaskDefinitionResponse.builder().build().sdkFields(), "", true, leaf);
  }

  /** Paths of all scalars. */
  private static List<String> leaves(String path, Object value) {
    var leaves = new ArrayList<String>();
    switch (value) {
      case Map<?, ?> map -> map.forEach((k, v) -> leaves.addAll(leaves(path + "/" + k, v)));
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++)
          leaves.addAll(leaves(path + "[" + i + "]", list.get(i)));
      }
      default -> leaves.add(path);
    }
    return leaves;
  }

  private static Map<String, Object> object(Object value) {
    var members = new LinkedHashMap<String, Object>();
    Json.of(value).members().forEach((name, member) -> members.put(name, member.value()));
    return members;
  }
}
