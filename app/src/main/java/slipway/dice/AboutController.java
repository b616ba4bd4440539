package slipway.dice;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** Tells what is running: {@code GET /}. */
@RestController
class AboutController {
  private final About about;

  AboutController(@Value("${COMMIT:}") String commit) {
    about = new About("dice", Version.VERSION, commit);
  }

  @GetMapping("/")
  About about() {
    return about;
  }

  /**
   * @param commit the commit that the image was built from; empty, and left out of the answer,
   *     where nobody said
   */
  record About(
      String service, String version, @JsonInclude(JsonInclude.Include.NON_EMPTY) String commit) {}
}
