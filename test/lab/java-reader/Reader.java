import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * Counts `tmc-sms` receipts by code as a program is usually written: Kafka's client reads with its defaults, Jackson
 * binds the members that are needed and skips the others. It classifies and shows nothing.
 *
 * Arguments: brokers, topic, group, records to read, and the file for what the process has used. It prints a
 * code and its receipts a line, with a tab between them.
 */
public final class Reader {
    @JsonIgnoreProperties(ignoreUnknown = true)
    public static final class Receipt {
        public String err_code;
        public String state;
        public String send_time;
        public String rept_time;
    }

    public static void main(String[] args) throws Exception {
        Map<String, Object> settings =
            Map.of(
                "bootstrap.servers", args[0],
                "group.id", args[2],
                "auto.offset.reset", "earliest",
                "key.deserializer", ByteArrayDeserializer.class,
                "value.deserializer", ByteArrayDeserializer.class);
        ObjectMapper mapper = new ObjectMapper();
        ObjectReader reader = mapper.readerFor(Receipt.class);
        Map<String, long[]> counts = new HashMap<>();
        long left = Long.parseLong(args[3]);
        try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(settings)) {
            consumer.subscribe(List.of(args[1]));
            while (left > 0) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    Receipt receipt = reader.readValue(record.value());
                    counts.computeIfAbsent(receipt.err_code, code -> new long[1])[0]++;
                    left--;
                }
            }
        }
        counts.forEach((code, count) -> System.out.println(code + "\t" + count[0]));
        Files.writeString(Path.of(args[4]), mapper.writeValueAsString(used()));
    }

    /** What this process has used: the CPU of all its threads in µs, and its memory in MiB. */
    private static Map<String, Double> used() throws Exception {
        var system = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return Map.of(
            "cpuUs", system.getProcessCpuTime() / 1e3,
            "peakRssMib", kibOf("VmHWM") / 1024,
            "endRssMib", kibOf("VmRSS") / 1024);
    }

    private static double kibOf(String name) throws Exception {
        for (String line : Files.readAllLines(Path.of("/proc/self/status")))
            if (line.startsWith(name + ":")) return Double.parseDouble(line.replaceAll("\\D", ""));
        return Double.NaN;
    }
}
