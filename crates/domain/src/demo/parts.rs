//! Parts that look like what makers sell, from makers that do not exist.

use super::{Demo, Record, chance::scatter, stream};

/// A family of parts: family, maker, description, beginnings and ends of part numbers, packages, ECCN, HTS code,
/// price of one in millionths of a euro at the least.
struct Family {
    family: &'static str,
    maker: &'static str,
    description: &'static str,
    begins: &'static str,
    ends: &'static [&'static str],
    packages: &'static [&'static str],
    eccn: &'static str,
    hts: &'static str,
    price: usize,
}

const FAMILIES: [Family; 14] = [
    Family {
        family: "microcontroller",
        maker: "Halden Semiconductor",
        description: "32-bit MCU, 168 MHz, CAN, USB",
        begins: "HS32F4",
        ends: &["VGT6", "RCT6", "ZIT7", "CBU6"],
        packages: &["LQFP-100", "LQFP-64", "UFQFPN-48"],
        eccn: "EAR99",
        hts: "8542.31.0000",
        price: 2_100_000,
    },
    Family {
        family: "processor",
        maker: "Jinghai Micro",
        description: "Application processor, 4 x 1.8 GHz, NPU",
        begins: "JH88M",
        ends: &["AVL", "BVL", "CVM"],
        packages: &["FBGA-484", "FBGA-624"],
        eccn: "5A992.c",
        hts: "8542.31.0000",
        price: 11_400_000,
    },
    Family {
        family: "memory",
        maker: "Norvik Memory",
        description: "Serial NOR flash, 3.3 V, 133 MHz",
        begins: "NV25Q",
        ends: &["JVSIQ", "FVEIG", "JWPIM"],
        packages: &["SOIC-8", "WSON-8", "TFBGA-24"],
        eccn: "EAR99",
        hts: "8542.32.0071",
        price: 410_000,
    },
    Family {
        family: "power",
        maker: "Voltaris",
        description: "Synchronous buck converter, 36 V, 3 A",
        begins: "VT54",
        ends: &["DDAR", "DRCR", "QPWPRQ1"],
        packages: &["SO-8", "VSON-10", "HTSSOP-14"],
        eccn: "EAR99",
        hts: "8542.39.0001",
        price: 690_000,
    },
    Family {
        family: "analog",
        maker: "Voltaris",
        description: "Precision operational amplifier, 10 MHz, rail to rail",
        begins: "VOP2",
        ends: &["IDBVR", "IDR", "QDGKRQ1"],
        packages: &["SOT-23-5", "SOIC-8", "VSSOP-8"],
        eccn: "EAR99",
        hts: "8542.33.0001",
        price: 520_000,
    },
    Family {
        family: "discrete",
        maker: "Kestrel Power",
        description: "N-channel MOSFET, 60 V, low RDS(on)",
        begins: "KPN6R",
        ends: &["-T1-E3", "LT1G", "ATMA1"],
        packages: &["SOT-23", "DPAK", "PowerDFN-8"],
        eccn: "EAR99",
        hts: "8541.29.0095",
        price: 140_000,
    },
    Family {
        family: "sensor",
        maker: "Halden Semiconductor",
        description: "6-axis inertial sensor, I2C and SPI",
        begins: "HSM6D",
        ends: &["TR", "OTR", "XTR"],
        packages: &["LGA-14"],
        eccn: "7A994",
        hts: "9031.80.8085",
        price: 1_650_000,
    },
    Family {
        family: "rf",
        maker: "Airlane",
        description: "Bluetooth LE and 2.4 GHz transceiver",
        begins: "AL52",
        ends: &["QIAA-R", "CKAA-R7", "QDAA"],
        packages: &["QFN-48", "WLCSP-95"],
        eccn: "5A992.c",
        hts: "8542.31.0000",
        price: 1_980_000,
    },
    Family {
        family: "module",
        maker: "Airlane",
        description: "LTE Cat 1 module, Europe and Asia bands",
        begins: "ALM-E",
        ends: &["-GB", "-CN", "-EU"],
        packages: &["LCC-77"],
        eccn: "5A992.c",
        hts: "8517.62.0090",
        price: 8_700_000,
    },
    Family {
        family: "passive",
        maker: "Tsubame Ceramics",
        description: "Multilayer ceramic capacitor, X7R, 10 %",
        begins: "TC21BR7",
        ends: &["KE19D", "MA88L", "KA01D"],
        packages: &["0402", "0603", "0805"],
        eccn: "EAR99",
        hts: "8532.24.0020",
        price: 6_000,
    },
    Family {
        family: "connector",
        maker: "Ferrum Connect",
        description: "Wire to board header, 2.00 mm, vertical",
        begins: "FC20-",
        ends: &["-LL", "-TR", "-SM"],
        packages: &["THT", "SMD"],
        eccn: "EAR99",
        hts: "8536.69.4040",
        price: 95_000,
    },
    Family {
        family: "electromechanical",
        maker: "Ferrum Connect",
        description: "Power relay, 16 A, 250 V",
        begins: "FR16",
        ends: &["-012", "-024", "-230"],
        packages: &["THT"],
        eccn: "EAR99",
        hts: "8536.41.0050",
        price: 870_000,
    },
    Family {
        family: "opto",
        maker: "Lumenwerk",
        description: "High-power white LED, 3000 K, CRI 90",
        begins: "LW35",
        ends: &["-3090", "-4080", "-5070"],
        packages: &["3535", "2835"],
        eccn: "EAR99",
        hts: "8541.41.0000",
        price: 310_000,
    },
    Family {
        family: "logic",
        maker: "Jinghai Micro",
        description: "FPGA, 35 k logic cells",
        begins: "JF7A",
        ends: &["-1CSG324C", "-2FTG256I", "-1CPG236C"],
        packages: &["CSBGA-324", "FTBGA-256"],
        eccn: "3A991.d",
        hts: "8542.39.0001",
        price: 24_500_000,
    },
];

impl Demo {
    pub(super) fn part(&self, index: usize) -> Record {
        let mut chance = self.chance(stream::PART, index);
        let family = &FAMILIES[index % FAMILIES.len()];
        let mut record = Record::new("part", index, 6);
        let number = 100 + scatter(self.seed, index / FAMILIES.len(), 900);
        record.set("mpn", format!("{}{number}{}", family.begins, chance.pick(family.ends)));
        record.set("manufacturer", family.maker);
        record.set("internal_number", format!("P-{:05}", index + 1));
        record.set("description", family.description);
        record.set("family", family.family);
        let lifecycle = *chance.pick(&[
            "active", "active", "active", "active", "active", "active", "preview", "nrnd", "last_buy", "obsolete",
        ]);
        record.set("lifecycle", lifecycle);
        record.set("package", *chance.pick(family.packages));
        record.set("grade", *chance.pick(&["commercial", "industrial", "industrial", "automotive"]));
        let maker = super::names::ascii(family.maker);
        record.set(
            "datasheet",
            format!("https://www.{maker}.example/datasheets/{}{number}.pdf", family.begins.to_lowercase()),
        );
        if matches!(lifecycle, "nrnd" | "last_buy" | "obsolete") && index >= FAMILIES.len() {
            // The part of the same family made before it.
            record.links.push(("replacement", "part", index - FAMILIES.len()));
        }
        record.set("eccn", family.eccn);
        record.set("hts", family.hts);
        record.set("origin", *chance.pick(&["CN", "CN", "MY", "PH", "DE", "JP", "US"]));
        record.set("rohs", *chance.pick(&["compliant", "compliant", "compliant", "compliant", "exempt", "unknown"]));
        if chance.percent(8) {
            record.set("reach_status", "svhc");
            // Lead; it is on the candidate list since 2018.
            record.set("svhc_cas", "7439-92-1");
        } else {
            record.set("reach_status", "no_svhc");
        }
        record.set("msl", *chance.pick(&["1", "1", "2", "3", "3"]));
        let pack = *chance.pick(&[1_000, 2_500, 3_000, 5_000]);
        record.set("moq", pack.to_string());
        record.set("mpq", pack.to_string());
        record.set("lead_time_weeks", chance.between(4, 39).to_string());
        let price = family.price + family.price / 100 * chance.below(60);
        record.set("unit_price", format!("{}.{:06}", price / 1_000_000, price % 1_000_000));
        record.set("currency", "EUR");
        record
    }
}
