package slipway.github;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.Samples;

class SignatureTest {
  private static final byte[] HELLO = "Hello, World!".getBytes(UTF_8);

  /** GitHub's own test vector. */
  private static final String SIGNED =
      "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";

  @Test
  void gitHubsOwnVectorIsAccepted() {
    assertThat(Signature.parse(SIGNED).orElseThrow().signs(HELLO, Samples.SECRET)).isTrue();
    assertThat(Signature.header(HELLO, Samples.SECRET)).isEqualTo(SIGNED);
  }

  @Test
  void anotherBodyOrAnotherSecretIsNot() {
    var signature = Signature.parse(SIGNED).orElseThrow();
    assertThat(signature.signs("Hello, World?".getBytes(UTF_8), Samples.SECRET)).isFalse();
    assertThat(signature.signs(HELLO, "It's a secret to everybody")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "sha256=",
        "757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17",
        "sha1=408bcf495d1258961eb53721cb7b4f2271d790af",
        "sha256=757107EA0EB2509FC211221CCE984B8A37570B6D7586C22C46F4379C8B043E17",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e1",
        "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17,sha256=00",
      })
  void whatIsNotASignatureIsNotRead(String header) {
    assertThat(Signature.parse(header)).isEmpty();
  }
}
