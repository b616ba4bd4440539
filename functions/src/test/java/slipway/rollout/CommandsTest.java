package slipway.rollout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static slipway.rollout.Samples.DICE;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import slipway.json.Json;
import slipway.json.Malformed;
import slipway.rollout.ServiceState.Change;

class CommandsTest {
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");
  private static final String ID = "20261122T113000.000Z-0c6e85b4";

  private static Command read(String request) {
    return Commands.read(Json.parse(request.replace('\'', '"')), Samples.config(), NOON);
  }

  private static Change ann(String reason) {
    return new Change("ann", reason, NOON);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "null",
        "{'status':true}",
        "{'service':'dice'}",
        "{'service':'dice','status':true}"
      })
  void statusIsWhatNothingElseSays(String request) {
    assertThat(read(request)).isEqualTo(new Command.Status(List.of(DICE)));
  }

  @Test
  void historyHasALengthOrTheUsualOne() {
    assertThat(read("{'service':'dice','history':true}")).isEqualTo(new Command.History(DICE, 10));
    assertThat(read("{'service':'dice','history':50}")).isEqualTo(new Command.History(DICE, 50));
  }

  @Test
  void aDirectiveSaysWhoAndMaySayWhy() {
    assertThat(read("{'service':'dice','pin':'" + ID + "','by':'ann','reason':'it was fine'}"))
        .isEqualTo(new Command.Pin(DICE, ID, ann("it was fine")));
    assertThat(read("{'service':'dice','rollback':true,'by':' ann '}"))
        .isEqualTo(new Command.Rollback(DICE, ann("")));
    assertThat(read("{'service':'dice','unpin':true,'by':'ann'}"))
        .isEqualTo(new Command.Unpin(DICE, ann("")));
    assertThat(read("{'service':'dice','freeze':'Black Friday','by':'ann'}"))
        .isEqualTo(new Command.Freeze(DICE, ann("Black Friday")));
    assertThat(read("{'service':'dice','unfreeze':true,'by':'ann'}"))
        .isEqualTo(new Command.Unfreeze(DICE, ann("")));
  }

  @Test
  void aReconcileNeedsNoName() {
    assertThat(read("{'service':'dice','reconcile':true}"))
        .isEqualTo(new Command.Reconcile(DICE, "by an operator"));
    assertThat(read("{'service':'dice','reconcile':true,'by':'ann','reason':'lost an event'}"))
        .isEqualTo(new Command.Reconcile(DICE, "by ann: lost an event"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          ['status']                                       | the document is a list: want an object
          'status'                                         | the document is 'status': want an object
          {'service':'cards'}                              | service is 'cards': want a service: dice
          {'service':7}                                    | service is 7: want a service: dice
          {'history':true}                                 | service is missing: want a service: dice
          {'service':'dice','history':'all'}               | history is 'all': want a whole number from 1 to 50
          {'service':'dice','history':51}                  | history is 51: want a whole number from 1 to 50
          {'service':'dice','rollback':false,'by':'ann'}   | rollback is false: want true
          {'service':'dice','unfreeze':true}               | by is missing: want one line of 1 to 100 characters that print
          {'service':'dice','unfreeze':true,'by':' '}      | by is no such text: want one line of 1 to 100 characters that print
          {'service':'dice','freeze':true,'by':'ann'}      | freeze is no such text: want one line of 1 to 500 characters that print
          {'service':'dice','pin':'dice:3','by':'ann'}     | pin is 'dice:3': want a rollout's id such as 20261122T113000.000Z-0c6e85b4, as history says
          {'service':'dice','pin':'x','unpin':true}        | unpin cannot go with pin: want one command at a time
          {'service':'dice','by':'ann'}                    | 'by' does not go with status: that takes service; commands are status, history, pin, rollback, unpin, freeze, unfreeze, reconcile
          {'service':'dice','freeze':'x','reason':'y'}     | 'reason' does not go with freeze: that takes by, service; commands are status, history, pin, rollback, unpin, freeze, unfreeze, reconcile
          """)
  void whatIsNotUnderstoodIsSaidWithWhatWouldBe(String request, String complaint) {
    assertThatThrownBy(() -> read(request)).isInstanceOf(Malformed.class).hasMessage(complaint);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"ann\\nmallory", "\\u001b[2Jann", "ann\\u202egro.live", "\\u2028", "\\ud800"})
  void aNameCannotPlayWithALogOrATerminal(String name) {
    assertThatThrownBy(() -> read("{'service':'dice','rollback':true,'by':'" + name + "'}"))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith("by is no such text");
  }

  @Test
  void namesAndReasonsHaveALongest() {
    var freeze = "{'service':'dice','freeze':'%s','by':'%s'}";

    assertThat(read(freeze.formatted("r".repeat(500), "n".repeat(100))))
        .isInstanceOf(Command.Freeze.class);
    assertThatThrownBy(() -> read(freeze.formatted("r".repeat(501), "ann")))
        .isInstanceOf(Malformed.class);
    assertThatThrownBy(() -> read(freeze.formatted("r", "n".repeat(101))))
        .isInstanceOf(Malformed.class);
  }

  @Test
  void aStrangeMemberIsNamedShortAndHarmless() {
    assertThatThrownBy(() -> read("{'\\u001b]" + "x".repeat(5000) + "':1}"))
        .isInstanceOf(Malformed.class)
        .hasMessageStartingWith("'?]" + "x".repeat(38) + "' does not go with status");
  }
}
