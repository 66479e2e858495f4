package io.millrace.processor.train.example;

import java.util.Locale;
import java.util.Random;

/** A file of a shop, as REES46 writes them: those who add to the cart buy more often. */
public final class ShopCsv {
    private static final String HEADER =
            "event_time,event_type,product_id,category_id,category_code,brand,price,user_id,user_session\n";
    private static final int AT_A_TIME = 40;

    private ShopCsv() {}

    /**
     * An event every three seconds.
     *
     * @param newcomers users who come in a second, so that some come later than the training; 0: the same all the time
     */
    public static String of(int seconds, double newcomers) {
        Random random = new Random(1);
        StringBuilder csv = new StringBuilder(HEADER);
        boolean[] added = new boolean[AT_A_TIME + (int) (seconds * newcomers) + 1];
        for (int second = 0; second < seconds; second += 3) {
            int user = random.nextInt(AT_A_TIME) + (int) (second * newcomers);
            boolean buys = added[user] && random.nextInt(4) == 0;
            boolean adds = !buys && random.nextInt(25) == 0;
            added[user] = !buys && (adds || added[user]);
            csv.append(String.format(
                    Locale.ROOT,
                    "2020-01-01 %02d:%02d:%02d UTC,%s,%d,%d,,,%d.5,%d,s%n",
                    second / 3600,
                    second / 60 % 60,
                    second % 60,
                    buys ? "purchase" : adds ? "cart" : "view",
                    random.nextInt(30),
                    random.nextInt(5),
                    random.nextInt(200) + 1,
                    user));
        }
        return csv.toString();
    }
}
