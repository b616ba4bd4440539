package slipway.config;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * What is done about error budgets.
 *
 * @param onExhausted when one is spent; of each service that does not say it for itself
 * @param override what a commit's message says whose content rolls out although a budget is spent
 * @param slos how many SLOs the account may have in the Region: its quota at AWS
 * @param slosPerService how many a service may have, likewise
 */
public record Budgets(OnExhausted onExhausted, String override, int slos, int slosPerService) {
  /** AWS gives nobody as many; a quota above is a slip of the keyboard. */
  static final int MOST_SLOS = 100_000;

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

  /**
   * With the quotas that AWS gives a new account. Source: CloudWatch's user guide, quotas of
   * Application Signals.
   */
  public Budgets(OnExhausted onExhausted, String override) {
    this(onExhausted, override, 250, 100);
  }

  public Budgets {
    if (!OVERRIDE.matcher(override).matches())
      throw new IllegalArgumentException(
          "override '%s': want 3 to 50 printable characters of ASCII, without spaces around them"
              .formatted(override));
    if (slos < 1 || slosPerService < 1)
      throw new IllegalArgumentException(
          "%d SLOs, %d per service: want 1 or more".formatted(slos, slosPerService));
  }
}
