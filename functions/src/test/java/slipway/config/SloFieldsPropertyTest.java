package slipway.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import slipway.json.Json;

class SloFieldsPropertyTest {
  private static final ServiceName DICE = new ServiceName("dice");

  @Property(edgeCases = EdgeCasesMode.NONE)
  void everyKindIsReadBackAsItWasWritten(@ForAll("slos") Slo slo) {
    var fields = new Fields();
    var read = SloFields.read(Json.parse(Json.write(SloFields.tree(slo))), DICE, fields);
    assertThat(fields.problems()).isEmpty();
    assertThat(read).contains(slo);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void aWholeConfigurationIsReadBackAsTheFunctionsReadIt(@ForAll("lists") List<Slo> slos) {
    var config = Configs.fromJson(Json.parse(configuration(slos)));
    assertThat(config.services().getFirst().slos()).isEqualTo(slos);
    assertThat(Configs.fromJson(Json.parse(Configs.toJson(config)))).isEqualTo(config);
  }

  private static String configuration(List<Slo> slos) {
    return """
    {"stack": "slipway", "repository": "example/dice",
     "services": {"dice": {"containers": {"app": {"build": "app", "port": 8080}}, "slos": %s}}}
    """
        .formatted(Json.write(slos.stream().map(SloFields::tree).toList()));
  }

  @Provide
  Arbitrary<Slo> slos() {
    return Slos.arbitrary("a1", "dice GET rolldice availability");
  }

  @Provide
  Arbitrary<List<Slo>> lists() {
    return Slos.arbitrary("a1", "b2", "c3").list().uniqueElements(Slo::name).ofMaxSize(3);
  }
}
