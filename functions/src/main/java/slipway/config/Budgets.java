package slipway.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is done about error budgets.
 *
 * @param onExhausted when one is spent; of each service that does not say it for itself
 * @param override what a commit's message says whose content rolls out although a budget is spent
 */
public record Budgets(OnExhausted onExhausted, String override) {
  /** Of a shell variable and of commit messages: no line breaks, and nothing that is not seen. */
  static final Pattern OVERRIDE = Pattern.compile("[!-~][ -~]{1,48}[!-~]");

  /** As they are if nobody says anything. */
  public static final Budgets DEFAULT = new Budgets(OnExhausted.REPORT, "[ignore budget]");

  /** What a spent error budget does. */
  public enum OnExhausted {
    /** It is told, and rollouts go on. */
    REPORT,
    /** Nothing that is pushed rolls out until the budget has recovered. */
    FREEZE;

    /** As slipway.yaml writes it. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  public Budgets {
    if (!OVERRIDE.matcher(override).matches())
      throw new IllegalArgumentException(
          "override '%s': want 3 to 50 printable characters of ASCII, without spaces around them"
              .formatted(override));
  }
}
