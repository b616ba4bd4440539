package slipway.dice;

import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** Rolls dice: {@code GET /rolldice?rolls=3&player=Ada} answers {@code [4,1,6]}. */
@RestController
class DiceController {
  private static final Logger log = LoggerFactory.getLogger(DiceController.class);

  /**
   * @param rolls how many, 1 to {@value Rolls#MOST}; required
   * @param player who rolls, at most {@value Player#LONGEST} characters; only logged
   * @throws BadParameter answered as 400 with the parameter's name
   */
  @GetMapping("/rolldice")
  List<Integer> roll(
      @RequestParam(required = false) String rolls, @RequestParam(required = false) String player) {
    var count = Rolls.parse(rolls).count();
    var name = Player.parse(player).name();
    var dice = ThreadLocalRandom.current().ints(count, 1, 7).boxed().toList();
    log.atInfo().addKeyValue("player", name).addKeyValue("rolls", count).log("dice rolled");
    return dice;
  }
}
