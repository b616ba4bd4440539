package slipway.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AddressesTest {

  @Test
  void eachServiceHasItsAddress() {
    var addresses =
        read("{\"dice\":\"http://dice.example.com\",\"shop\":\"https://shop.example.com\"}");
    assertThat(addresses.of(new ServiceName("dice")))
        .hasValue(URI.create("http://dice.example.com"));
    assertThat(addresses.of(new ServiceName("shop")))
        .hasValue(URI.create("https://shop.example.com"));
    assertThat(addresses.of(new ServiceName("cart"))).isEmpty();
  }

  @Test
  void whatInfraWouldNotSetIsSaid() {
    var nothing = new Settings(Map.of());
    assertThatThrownBy(() -> Addresses.of(nothing))
        .hasMessageContaining("SLIPWAY_ADDRESSES is not set");
    for (var wrong :
        new String[] {
          "{",
          "[]",
          "{\"dice\":7}",
          "{\"dice\":\"dice.example.com\"}",
          "{\"dice\":\":\"}",
          "{\"D\":\"http://x\"}"
        })
      assertThatThrownBy(() -> read(wrong))
          .as(wrong)
          .isInstanceOf(IllegalStateException.class)
          .hasMessageStartingWith(
              "environment variable SLIPWAY_ADDRESSES is not what infra sets: ");
  }

  private static Addresses read(String value) {
    return Addresses.of(new Settings(Map.of("SLIPWAY_ADDRESSES", value)));
  }
}
